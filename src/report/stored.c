/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stored.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/json.h"
#include "report/stored_index.h"
#include "system/file.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define LOCK_NAME       "lock"
#define LOCK_TIMEOUT_MS 2000

/* What becomes of a device that was read. */
enum fate { FATE_KEPT, FATE_REPLACED, FATE_FORGOTTEN };

struct stored_origin {
	char *text; /* as it was read */
	size_t size;
	unsigned char
		*fates; /* of the devices in it, in order: ->mark of each is its number, from 1 */
};

const char *stored_text(const struct json_value *object, const char *key)
{
	return json_get_text(object, key);
}

struct recorded stored_recorded(const struct json_value *device)
{
	uint32_t vfs;

	return (struct recorded){
		.state = stored_text(device, "state"),
		.driver = stored_text(device, "driver"),
		.vfs = parse_decimal(stored_text(device, "vfs"), UINT32_MAX, &vfs) < 0 ? 0 : vfs,
	};
}

struct json_value *stored_first(const struct json_value *object, const char *key)
{
	const struct json_value *array = json_get(object, key);

	return array && array->kind == JSON_ARRAY ? array->first : NULL;
}

/* --- the shape that passthru-init(8) gives, as far as its readers rely on it */

static bool is_of_kind(const struct json_value *value, enum json_kind kind)
{
	return value && value->kind == kind;
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
	uint32_t number;

	if (!is_of_kind(version, JSON_NUMBER) ||
	    parse_decimal(version->text, UINT32_MAX, &number) < 0 || number != REPORT_VERSION ||
	    !*stored_text(report, "program") ||
	    !is_of_kind(json_get(report, "devices"), JSON_ARRAY) ||
	    !is_of_kind(json_get(report, "findings"), JSON_ARRAY))
		return false;
	for (const struct json_value *d = stored_first(report, "devices"); d; d = d->next) {
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

/* The text of it is still to be put in. */
static struct stored_origin *begin_origin(const struct stored *stored, size_t size)
{
	struct stored_origin *origin = memory_new(1, sizeof(*origin));
	size_t count = 0;

	for (struct json_value *d = stored_first(stored->report, "devices"); d; d = d->next)
		d->mark = ++count;
	origin->size = size;
	origin->fates = memory_new(count, 1);
	return origin;
}

int stored_read(const struct root *root, struct stored *ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r;

	*ret = (struct stored){ .lock_fd = -1 };
	r = root_read_file(root, REPORT_PATH, REPORT_SIZE_MAX, &text, &size);
	if (r == -ENOENT)
		r = root_read_file(root, REPORT_EARLY_PATH, REPORT_SIZE_MAX, &text, &size);
	if (r < 0)
		return r;
	r = parse_report(&ret->document, text, size, &ret->report);
	if (r < 0)
		return r;
	ret->origin = begin_origin(ret, size);
	ret->origin->text = text;
	text = NULL;
	return 0;
}

int stored_take_lock(const struct root *root)
{
	return root_lock(root, REPORT_DIRECTORY, LOCK_NAME, LOCK_TIMEOUT_MS);
}

int stored_lock(const struct root *root, struct stored *ret)
{
	int fd = stored_take_lock(root);
	int r;

	*ret = (struct stored){ .lock_fd = -1 };
	if (fd < 0)
		return fd;
	r = stored_read(root, ret);
	ret->lock_fd = fd;
	return r;
}

int stored_begin(const struct root *root, const struct record *fresh, struct stored *ret)
{
	_cleanup_free_ char *text = NULL;
	int r = stored_lock(root, ret);

	if (r != -ENOENT || ret->lock_fd < 0)
		return r;
	text = record_to_json(fresh);
	return parse_report(&ret->document, text, strlen(text), &ret->report);
}

/* --- looking for devices */

static struct stored_index *index_of(struct stored *stored)
{
	if (!stored->index)
		stored->index =
			stored_index_make(&stored->document, json_get(stored->report, "devices"));
	return stored->index;
}

static struct json_value *next_at(struct stored *stored, const struct pci_address *address,
				  const struct json_value *after)
{
	char name[ADDRESS_SIZE];

	if (!stored->report)
		return NULL;
	return stored_index_next_at(index_of(stored), address_format(address, name), after);
}

static bool is_refused(const struct json_value *device)
{
	return strcmp(stored_text(device, "state"), state_word(STATE_REFUSED)) == 0;
}

struct json_value *stored_find_at(struct stored *stored, const struct pci_address *address)
{
	struct json_value *found = NULL, *next = next_at(stored, address, NULL);

	for (; next; next = next_at(stored, address, next)) {
		if (!found || is_refused(found) || !is_refused(next))
			found = next;
	}
	return found;
}

const char *stored_state(struct stored *stored, const struct pci_address *address)
{
	return stored_text(stored_find_at(stored, address), "state");
}

struct json_value *stored_find(struct stored *stored, const struct decision *decision)
{
	char address[ADDRESS_SIZE] = "";

	if (decision->device)
		address_format(&decision->device->address, address);
	return stored_index_find(index_of(stored), decision->rule->name, address);
}

/* --- changing them */

static void set_fate(const struct stored *stored, const struct json_value *device, enum fate fate)
{
	if (device->mark)
		stored->origin->fates[device->mark - 1] = (unsigned char)fate;
}

static void append_device(struct stored *stored, struct json_value *device)
{
	json_append(json_get(stored->report, "devices"), device);
	if (stored->index)
		stored_index_add(stored->index, &stored->document, device);
}

static void replace_device(struct stored *stored, struct json_value *device,
			   struct json_value *fresh)
{
	set_fate(stored, device, FATE_REPLACED);
	fresh->mark = device->mark;
	stored_index_remove(index_of(stored), device);
	json_replace(json_get(stored->report, "devices"), device, fresh);
	stored_index_add(index_of(stored), &stored->document, fresh);
}

static void remove_device(struct stored *stored, struct json_value *device)
{
	set_fate(stored, device, FATE_FORGOTTEN);
	stored_index_remove(index_of(stored), device);
	json_remove(json_get(stored->report, "devices"), device);
}

void stored_forget(struct stored *stored, const struct pci_address *address)
{
	struct json_value *device = next_at(stored, address, NULL), *next;

	for (; device; device = next) {
		next = next_at(stored, address, device);
		remove_device(stored, device);
	}
}

/* The severity and the remedy follow from these. */
static bool is_same_finding(const struct json_value *a, const struct json_value *b)
{
	return strcmp(stored_text(a, "code"), stored_text(b, "code")) == 0 &&
	       strcmp(stored_text(a, "text"), stored_text(b, "text")) == 0;
}

static bool has_finding(const struct json_value *findings, const struct json_value *finding)
{
	const struct json_value *present = findings->first;

	while (present && !is_same_finding(present, finding))
		present = present->next;
	return present;
}

void stored_add(struct stored *stored, struct json_value *object, const struct findings *findings)
{
	struct json_value *fresh = json_of_findings(findings, &stored->document);
	struct json_value *present = json_get(object, "findings"), *next;

	if (!is_of_kind(present, JSON_ARRAY))
		present = json_set(&stored->document, object, "findings", JSON_ARRAY, "");
	for (struct json_value *finding = fresh->first; finding; finding = next) {
		next = finding->next;
		if (!has_finding(present, finding))
			json_append(present, finding);
	}
}

static void replace(struct stored *stored, struct json_value *device, const char *key,
		    const struct json_value *from)
{
	const struct json_value *value = json_get(from, key);

	json_set(&stored->document, device, key, value->kind, value->text);
}

/*
 * What was said of a device that was not there, or not ready, is out of date when it is; and what
 * was said of another one that was in this place.
 */
static bool is_outdated(const struct json_value *entry, const struct json_value *fresh)
{
	return !*stored_text(entry, "address") ||
	       strcmp(stored_text(entry, "state"), state_word(STATE_WAITING)) == 0 ||
	       strcmp(stored_text(entry, "id"), stored_text(fresh, "id")) != 0;
}

void stored_note(struct stored *stored, const struct decision *decision)
{
	struct json_value *fresh = json_of_decision(decision, &stored->document);
	struct json_value *entry = stored_find(stored, decision);
	struct json_value *absent = stored_index_find(index_of(stored), decision->rule->name, "");

	/* stored_intend() may have added one beside it. */
	if (entry && absent && absent != entry && decision->device)
		remove_device(stored, absent);
	if (!entry)
		entry = absent;
	if (!entry) {
		append_device(stored, fresh);
		return;
	}
	if (is_outdated(entry, fresh)) {
		replace_device(stored, entry, fresh);
		return;
	}
	replace(stored, entry, "driver", fresh);
	replace(stored, entry, "state", fresh);
	replace(stored, entry, "errno", fresh);
	if (*stored_text(fresh, "previous_driver"))
		replace(stored, entry, "previous_driver", fresh);
	stored_add(stored, entry, &decision->findings);
}

/* --- what is about to be done */

static bool is_unfinished(const struct json_value *finding)
{
	return strcmp(stored_text(finding, "code"), finding_word(FINDING_UNFINISHED)) == 0;
}

bool stored_is_unfinished(const struct json_value *device)
{
	const struct json_value *finding = stored_first(device, "findings");

	while (finding && !is_unfinished(finding))
		finding = finding->next;
	return finding;
}

void stored_intend(struct stored *stored, const struct decision *decision, const char *program)
{
	struct json_value *fresh = json_of_decision(decision, &stored->document);
	struct json_value *entry = stored_find_at(stored, &decision->device->address);
	struct findings findings = { 0 };

	if (!entry || strcmp(stored_text(entry, "id"), stored_text(fresh, "id")) != 0) {
		entry = fresh;
		json_set(&stored->document, entry, "state", JSON_STRING, state_word(STATE_PLANNED));
		append_device(stored, entry);
	} else if (*stored_text(fresh, "previous_driver")) {
		replace(stored, entry, "previous_driver", fresh);
	}
	if (decision->verdict == VERDICT_RETURN)
		findings_add(&findings, FINDING_UNFINISHED,
			     "%s did not finish returning it to the host", program);
	else
		findings_add(&findings, FINDING_UNFINISHED, "%s did not finish assigning it to %s",
			     program, decision->driver);
	stored_add(stored, entry, &findings);
	findings_free(&findings);
}

static void remove_unfinished(struct json_value *device)
{
	struct json_value *findings = json_get(device, "findings");

	for (struct json_value *finding = findings->first, *next; finding; finding = next) {
		next = finding->next;
		if (is_unfinished(finding))
			json_remove(findings, finding);
	}
}

void stored_settle(struct stored *stored, const struct pci_address *address)
{
	struct json_value *device = next_at(stored, address, NULL), *next;

	for (; device; device = next) {
		next = next_at(stored, address, device);
		if (!stored_is_unfinished(device))
			continue;
		if (strcmp(stored_text(device, "state"), state_word(STATE_PLANNED)) == 0)
			remove_device(stored, device);
		else
			remove_unfinished(device);
	}
}

/* --- the whole */

void stored_set_verified(struct stored *stored, bool is_verified)
{
	json_set_flag(&stored->document, stored->report, "verified", is_verified);
}

static bool has_error(const struct json_value *owner)
{
	const struct json_value *finding = stored_first(owner, "findings");

	while (finding && strcmp(stored_text(finding, "severity"), "error") != 0)
		finding = finding->next;
	return finding;
}

bool stored_has_error(const struct json_value *report)
{
	return has_error(report) || has_error(json_get(report, "iommu"));
}

/* --- writing it: what replaces a record has all that was in it, but for what was removed on
 * purpose */

static bool is_one_of(const char *key, const char *const keys[])
{
	while (*keys && strcmp(*keys, key) != 0)
		keys++;
	return *keys;
}

/* BEFORE is a list of findings, AFTER the later one: only `unfinished` may go. */
static bool keeps_findings(const struct json_value *before, const struct json_value *after)
{
	for (; before; before = before->next) {
		if (after && json_equal(before, after))
			after = after->next;
		else if (!is_unfinished(before))
			return false;
	}
	return true;
}

/* All members are there, in order, and those that are not in MAY_CHANGE as they were. */
static bool keeps_members(const struct json_value *before, const struct json_value *after,
			  const char *const may_change[])
{
	const struct json_value *old = before->first, *now = after->first;

	for (; old; old = old->next, now = now->next) {
		if (!now || strcmp(old->key, now->key) != 0)
			return false;
		if (!is_one_of(old->key, may_change) && !json_equal(old, now))
			return false;
	}
	return keeps_findings(stored_first(before, "findings"), stored_first(after, "findings"));
}

static bool keeps_devices(const struct json_value *before, const struct json_value *after,
			  const unsigned char *fates)
{
	static const char *const may_change[] = { "driver",          "state",    "errno",
						  "previous_driver", "findings", NULL };

	for (; before; before = before->next, fates++) {
		if (*fates == FATE_FORGOTTEN)
			continue;
		if (!after)
			return false;
		if (*fates == FATE_KEPT && !keeps_members(before, after, may_change))
			return false;
		after = after->next;
	}
	return true;
}

static bool keeps_all(const struct json_value *before, const struct json_value *after,
		      const struct stored_origin *origin)
{
	static const char *const may_change[] = { "devices", "findings", "verified", NULL };

	return keeps_members(before, after, may_change) &&
	       keeps_devices(stored_first(before, "devices"), stored_first(after, "devices"),
			     origin->fates);
}

/* TEXT is to take the place of what ORIGIN has, or of nothing. */
static int check(const struct json_text *text, const struct stored_origin *origin)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	struct json_value *before = NULL, *after = NULL;
	int r = parse_report(&document, text->buffer.text, text->buffer.length, &after);

	if (r < 0 || !origin)
		return r;
	r = parse_report(&document, origin->text, origin->size, &before);
	if (r < 0)
		return r;
	return before && after && keeps_all(before, after, origin) ? 0 : -EBADMSG;
}

static void render(const struct stored *stored, struct json_text *text)
{
	json_text_value(text, NULL, stored->report);
	buffer_add(&text->buffer, "\n");
}

/* The record as text, if it may take the place of the one that was read. */
static int render_checked(const struct stored *stored, struct json_text *text)
{
	render(stored, text);
	if (text->buffer.length > REPORT_SIZE_MAX)
		return -EFBIG;
	return check(text, stored->origin);
}

int stored_announce(const struct root *root, struct stored *stored, size_t more)
{
	_cleanup_(json_text_free) struct json_text text = { 0 };
	int r = render_checked(stored, &text);

	if (r == 0)
		r = root_reserve_file(root, REPORT_DIRECTORY, REPORT_NAME,
				      text.buffer.length + more, &stored->room);
	if (r == 0)
		r = root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, text.buffer.text);
	if (r < 0)
		root_give_up_room(&stored->room);
	return r;
}

int stored_write(const struct root *root, struct stored *stored)
{
	_cleanup_(json_text_free) struct json_text text = { 0 };
	int r = render_checked(stored, &text);

	if (r < 0)
		return r;
	if (stored->room.is_kept &&
	    root_replace_reserved(&stored->room, REPORT_NAME, text.buffer.text) == 0)
		return 0;
	return root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, text.buffer.text);
}

const char *stored_write_error(int error)
{
	if (error == -EBADMSG)
		return "devices or findings that are on record would be lost";
	return strerror(-error);
}

void stored_close(struct stored *stored)
{
	if (stored->origin) {
		free(stored->origin->text);
		free(stored->origin->fates);
		free(stored->origin);
	}
	json_free(&stored->document);
	root_give_up_room(&stored->room);
	root_unlock(stored->lock_fd);
	*stored = (struct stored){ .lock_fd = -1 };
}
