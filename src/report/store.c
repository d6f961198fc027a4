/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/store.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/json_value.h"
#include "report/json_writer.h"
#include "report/keeps.h"
#include "report/record_json.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define LOCK_NAME       "lock"
#define LOCK_TIMEOUT_MS 2000

/* --- the shape that passthru-report(5) gives, as far as its readers rely on it */

static bool is_array(const struct json_value *value)
{
	return value && value->kind == JSON_ARRAY;
}

static bool is_device(const struct json_value *device)
{
	const struct json_value *findings = json_get(device, "findings");

	return device->kind == JSON_OBJECT &&
	       (!findings || findings->kind == JSON_ARRAY || findings->kind == JSON_NULL);
}

static bool is_report(const struct json_value *report)
{
	const struct json_value *version = json_get(report, "version");
	const struct json_value *devices = json_get(report, "devices");
	uint32_t number;

	if (!version || version->kind != JSON_NUMBER ||
	    parse_decimal(version->text, UINT32_MAX, &number) < 0 || number != REPORT_VERSION ||
	    !*json_get_text(report, "program") || !is_array(devices) ||
	    !is_array(json_get(report, "findings")))
		return false;
	for (const struct json_value *d = devices->first; d; d = d->next) {
		if (!is_device(d))
			return false;
	}
	return true;
}

static int parse_report(struct json_document *document, const char *text, size_t size,
			struct json_value **ret)
{
	struct json_value *report;
	int r = json_parse(document, text, size, &report);

	if (r == 0 && !is_report(report))
		r = -EBADMSG;
	if (r == 0)
		*ret = report;
	return r;
}

/* --- reading it */

static void set_report(struct store *store, struct json_value *report)
{
	store->report = report;
	entries_read(&store->entries, store->document, json_get(report, "devices"));
}

int store_read(const struct root *root, struct store *ret)
{
	_cleanup_free_ char *text = NULL;
	struct json_value *report = NULL;
	size_t size;
	int r;

	*ret = (struct store){ .lock_fd = -1 };
	r = root_read_file(root, REPORT_PATH, REPORT_SIZE_MAX, &text, &size);
	if (r == -ENOENT)
		r = root_read_file(root, REPORT_EARLY_PATH, REPORT_SIZE_MAX, &text, &size);
	if (r < 0)
		return r;
	ret->document = memory_new(1, sizeof(*ret->document));
	r = parse_report(ret->document, text, size, &report);
	if (r < 0)
		return r;
	set_report(ret, report);
	ret->text = text;
	ret->size = size;
	text = NULL;
	return 0;
}

int store_take_lock(const struct root *root)
{
	return root_lock(root, REPORT_DIRECTORY, LOCK_NAME, LOCK_TIMEOUT_MS);
}

int store_lock(const struct root *root, struct store *ret)
{
	int fd = store_take_lock(root);
	int r;

	*ret = (struct store){ .lock_fd = -1 };
	if (fd < 0)
		return fd;
	r = store_read(root, ret);
	ret->lock_fd = fd;
	return r;
}

int store_begin(const struct root *root, const struct record *fresh, struct store *ret)
{
	int r = store_lock(root, ret);

	if (r != -ENOENT || ret->lock_fd < 0)
		return r;
	ret->document = memory_new(1, sizeof(*ret->document));
	set_report(ret, record_to_value(fresh, ret->document));
	return 0;
}

struct store_head store_head(const struct store *store)
{
	const struct json_value *report = store->report;
	bool has_options = json_get(report, "options_sha256");

	return (struct store_head){
		.program = json_get_text(report, "program"),
		.kernel = json_get_text(report, "kernel"),
		.duration_us = json_get_text(report, "duration_us"),
		.config_sha256 = json_get_text(report, "config_sha256"),
		.options_sha256 = has_options ? json_get_text(report, "options_sha256") : NULL,
	};
}

/* --- writing it */

static void render(const struct store *store, struct json_writer *json)
{
	json_write(json, NULL, store->report);
	buffer_add(&json->buffer, "\n");
}

char *store_to_json(const struct store *store)
{
	struct json_writer json = { 0 };

	render(store, &json);
	return json.buffer.text;
}

/* TEXT is to take the place of what was read, or of nothing. */
static int check(const struct store *store, const struct buffer *text)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	struct json_value *before = NULL, *after = NULL;
	int r = parse_report(&document, text->text, text->length, &after);

	if (r < 0 || !store->text)
		return r;
	r = parse_report(&document, store->text, store->size, &before);
	if (r < 0)
		return r;
	return report_keeps(before, after, store->entries.fates) ? 0 : -EBADMSG;
}

/* The report as text, if it may take the place of the one that was read. */
static int render_checked(const struct store *store, struct json_writer *json)
{
	render(store, json);
	if (json->buffer.length > REPORT_SIZE_MAX)
		return -EFBIG;
	return check(store, &json->buffer);
}

int store_announce(const struct root *root, struct store *store, size_t more)
{
	_cleanup_(json_writer_free) struct json_writer json = { 0 };
	int r = render_checked(store, &json);

	if (r == 0)
		r = root_reserve_file(root, REPORT_DIRECTORY, REPORT_NAME,
				      json.buffer.length + more, &store->room);
	if (r == 0)
		r = root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, json.buffer.text);
	if (r < 0)
		root_give_up_room(&store->room);
	return r;
}

int store_write(const struct root *root, struct store *store)
{
	_cleanup_(json_writer_free) struct json_writer json = { 0 };
	int r = render_checked(store, &json);

	if (r < 0)
		return r;
	if (store->room.is_kept &&
	    root_replace_reserved(&store->room, REPORT_NAME, json.buffer.text) == 0)
		return 0;
	return root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, json.buffer.text);
}

const char *store_write_error(int error)
{
	if (error == -EBADMSG)
		return "devices or findings of the report would be lost";
	return strerror(-error);
}

const char *store_read_error(int error)
{
	if (error == -EBADMSG)
		return "not a report, or damaged";
	if (error == -ETIMEDOUT)
		return "another passthru process holds the lock";
	return strerror(-error);
}

void store_close(struct store *store)
{
	if (store->document)
		json_free(store->document);
	free(store->document);
	free(store->text);
	root_give_up_room(&store->room);
	root_unlock(store->lock_fd);
	*store = (struct store){ .lock_fd = -1 };
}
