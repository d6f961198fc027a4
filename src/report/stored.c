/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stored.h"

#include <errno.h>
#include <json-c/json_visit.h>
#include <string.h>

#include "report/json.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define REPORT_SIZE_MAX (16 * 1024 * 1024)
#define LOCK_NAME       "lock"
#define LOCK_TIMEOUT_MS 2000

const char *stored_text(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

struct recorded stored_recorded(struct json_object *device)
{
	int vfs = json_object_get_int(json_object_object_get(device, "vfs"));

	return (struct recorded){
		.state = stored_text(device, "state"),
		.driver = stored_text(device, "driver"),
		.vfs = vfs > 0 ? (uint32_t)vfs : 0,
	};
}

size_t stored_array(struct json_object *object, const char *key, struct json_object **ret_array)
{
	*ret_array = json_object_object_get(object, key);
	return json_object_is_type(*ret_array, json_type_array)
		       ? json_object_array_length(*ret_array)
		       : 0;
}

/* Whoever could write the record is not to write to the terminal. The signature is json-c's. */
static int escape_text(struct json_object *object, int flags, struct json_object *parent,
		       const char *key, size_t *index, void *context) /* NOLINT */
{
	_cleanup_free_ char *escaped = NULL;

	(void)flags, (void)parent, (void)key, (void)index, (void)context;
	if (json_object_is_type(object, json_type_string) &&
	    !text_is_plain(json_object_get_string(object))) {
		escaped = text_escape(json_object_get_string(object));
		json_object_set_string(object, escaped);
	}
	return JSON_C_VISIT_RETURN_CONTINUE;
}

static bool has_array(struct json_object *object, const char *key)
{
	return json_object_is_type(json_object_object_get(object, key), json_type_array);
}

static bool has_devices(struct json_object *object)
{
	struct json_object *devices;
	size_t count = stored_array(object, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		if (!json_object_is_type(json_object_array_get_idx(devices, i), json_type_object))
			return false;
	}
	return has_array(object, "devices");
}

/* The shape that passthru-init(8) gives, as far as its readers rely on it. */
static bool is_report(struct json_object *object)
{
	return json_object_is_type(object, json_type_object) &&
	       json_object_get_int(json_object_object_get(object, "version")) == REPORT_VERSION &&
	       *stored_text(object, "program") && has_devices(object) &&
	       has_array(object, "findings");
}

static int parse_report(const char *text, size_t size, struct json_object **ret)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object;
	size_t end;

	if (!tokener)
		return -ENOMEM;
	object = json_tokener_parse_ex(tokener, text, (int)size);
	end = json_tokener_get_parse_end(tokener);
	json_tokener_free(tokener);
	if (!is_report(object) || text[end + strspn(text + end, " \n")]) {
		json_object_put(object);
		return -EBADMSG;
	}
	json_c_visit(object, 0, escape_text, NULL);
	*ret = object;
	return 0;
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
	return r < 0 ? r : parse_report(text, size, &ret->report);
}

int stored_lock(const struct root *root, struct stored *ret)
{
	int fd = root_lock(root, REPORT_DIRECTORY, LOCK_NAME, LOCK_TIMEOUT_MS);
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
	return parse_report(text, strlen(text), &ret->report);
}

static bool is_at(struct json_object *device, const struct pci_address *address)
{
	char name[ADDRESS_SIZE];

	return strcmp(stored_text(device, "address"), address_format(address, name)) == 0;
}

struct json_object *stored_find_at(const struct stored *stored, const struct pci_address *address)
{
	struct json_object *devices, *found = NULL;
	size_t count = stored_array(stored->report, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		if (is_at(json_object_array_get_idx(devices, i), address))
			found = json_object_array_get_idx(devices, i);
	}
	return found;
}

void stored_forget(struct stored *stored, const struct pci_address *address)
{
	struct json_object *devices;

	for (size_t i = stored_array(stored->report, "devices", &devices); i > 0; i--) {
		if (is_at(json_object_array_get_idx(devices, i - 1), address))
			json_object_array_del_idx(devices, i - 1, 1);
	}
}

const char *stored_state(const struct stored *stored, const struct pci_address *address)
{
	return stored_text(stored_find_at(stored, address), "state");
}

/* The entry of RULE for ADDRESS, "" for no device; the number of entries when there is none. */
static size_t find_entry(struct json_object *devices, const char *rule, const char *address)
{
	size_t count = json_object_array_length(devices);

	for (size_t i = 0; i < count; i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		if (strcmp(stored_text(device, "rule"), rule) == 0 &&
		    strcmp(stored_text(device, "address"), address) == 0)
			return i;
	}
	return count;
}

struct json_object *stored_find(const struct stored *stored, const struct decision *decision)
{
	struct json_object *devices = json_object_object_get(stored->report, "devices");
	char address[ADDRESS_SIZE] = "";

	if (decision->device)
		address_format(&decision->device->address, address);
	return json_object_array_get_idx(devices,
					 find_entry(devices, decision->rule->name, address));
}

static bool has_finding(struct json_object *findings, struct json_object *finding)
{
	for (size_t i = 0; i < json_object_array_length(findings); i++) {
		if (json_object_equal(json_object_array_get_idx(findings, i), finding))
			return true;
	}
	return false;
}

void stored_add(struct json_object *object, const struct findings *findings)
{
	struct json_object *fresh = json_of_findings(findings), *present;

	stored_array(object, "findings", &present);
	for (size_t i = 0; present && i < findings->count; i++) {
		struct json_object *finding = json_object_array_get_idx(fresh, i);

		if (!has_finding(present, finding))
			json_object_array_add(present, json_object_get(finding));
	}
	json_object_put(fresh);
}

static void replace(struct json_object *device, const char *key, struct json_object *from)
{
	json_object_object_add(device, key, json_object_get(json_object_object_get(from, key)));
}

/*
 * What was said of a device that was not there, or not ready, is out of date when it is; and what
 * was said of another one that was in this place.
 */
static bool is_outdated(struct json_object *entry, struct json_object *fresh)
{
	return !*stored_text(entry, "address") ||
	       strcmp(stored_text(entry, "state"), state_word(STATE_WAITING)) == 0 ||
	       strcmp(stored_text(entry, "id"), stored_text(fresh, "id")) != 0;
}

void stored_note(struct stored *stored, const struct decision *decision)
{
	struct json_object *fresh = json_of_decision(decision);
	struct json_object *devices = json_object_object_get(stored->report, "devices");
	const char *rule = decision->rule->name;
	size_t count = json_object_array_length(devices);
	size_t index = find_entry(devices, rule, stored_text(fresh, "address"));
	struct json_object *entry;

	if (index == count)
		index = find_entry(devices, rule, "");
	entry = json_object_array_get_idx(devices, index);
	if (!entry || is_outdated(entry, fresh)) {
		json_object_array_put_idx(devices, index, fresh);
		return;
	}
	replace(entry, "driver", fresh);
	replace(entry, "state", fresh);
	replace(entry, "errno", fresh);
	if (*stored_text(fresh, "previous_driver"))
		replace(entry, "previous_driver", fresh);
	stored_add(entry, &decision->findings);
	json_object_put(fresh);
}

void stored_set_verified(struct stored *stored, bool is_verified)
{
	json_object_object_add(stored->report, "verified", json_object_new_boolean(is_verified));
}

static bool has_error(struct json_object *owner)
{
	struct json_object *findings;
	size_t count = stored_array(owner, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (strcmp(stored_text(finding, "severity"), "error") == 0)
			return true;
	}
	return false;
}

bool stored_has_error(struct json_object *report)
{
	return has_error(report) || has_error(json_object_object_get(report, "iommu"));
}

int stored_write(const struct root *root, const struct stored *stored)
{
	const char *text = json_object_to_json_string_ext(stored->report,
							  JSON_C_TO_STRING_PRETTY |
								  JSON_C_TO_STRING_NOSLASHESCAPE);
	_cleanup_free_ char *lines = memory_printf("%s\n", text);

	return root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, lines);
}

void stored_close(struct stored *stored)
{
	json_object_put(stored->report);
	root_unlock(stored->lock_fd);
	*stored = (struct stored){ .lock_fd = -1 };
}
