/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/report.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#include "fuzz.h"
#include "host/build.h"
#include "model/model.h"
#include "report/record.h"
#include "util/cleanup.h"

static struct json_object *last; /* as it was written last */
static bool is_agents;           /* what is written now */
static bool is_wiped;            /* by a guardian, as long as that is known to happen */

void report_reset(void)
{
	json_object_put(last);
	last = NULL;
	is_wiped = false;
}

static const char *text_of(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

static size_t array_of(struct json_object *object, const char *key, struct json_object **ret)
{
	*ret = json_object_object_get(object, key);
	return json_object_is_type(*ret, json_type_array) ? json_object_array_length(*ret) : 0;
}

static void check_plain(struct json_object *object)
{
	if (json_object_is_type(object, json_type_string))
		must(fuzz_is_plain(json_object_get_string(object)), "record-plain", "%s",
		     json_object_to_json_string(object));
	else if (json_object_is_type(object, json_type_array))
		for (size_t i = 0; i < json_object_array_length(object); i++)
			check_plain(json_object_array_get_idx(object, i));
	else if (json_object_is_type(object, json_type_object)) {
		json_object_object_foreach(object, key, value)
		{
			must(fuzz_is_plain(key), "record-plain", "%s", key);
			check_plain(value);
		}
	}
}

/* The rules of one option have one name; each is one entry of its list. */
static bool is_same_rule(struct json_object *a, struct json_object *b)
{
	return strcmp(text_of(a, "rule"), text_of(b, "rule")) == 0 &&
	       (*text_of(a, "address") || strcmp(text_of(a, "entry"), text_of(b, "entry")) == 0);
}

static struct json_object *find_entry(struct json_object *report, struct json_object *like)
{
	struct json_object *devices;
	size_t count = array_of(report, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(devices, i);

		if (is_same_rule(like, entry) &&
		    strcmp(text_of(entry, "address"), text_of(like, "address")) == 0)
			return entry;
	}
	return NULL;
}

static bool has_finding(struct json_object *object, struct json_object *finding)
{
	struct json_object *findings;
	size_t count = array_of(object, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		if (json_object_equal(json_object_array_get_idx(findings, i), finding))
			return true;
	}
	return false;
}

/* The guardian is the first process; its worker is a child. */
static const char *kept(void)
{
	return is_agents && process_depth() == 1 ? "guardian-keeps-record" : "record-kept";
}

static void check_findings_kept(struct json_object *before, struct json_object *after,
				bool may_finish, const char *whose)
{
	struct json_object *findings;
	size_t count = array_of(before, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (may_finish && strcmp(text_of(finding, "code"), "unfinished") == 0)
			continue;
		must(has_finding(after, finding), kept(), "%s loses %s", whose,
		     json_object_to_json_string(finding));
	}
}

/* These say of a device what they are about to do, and take that out when it is done. */
static bool may_finish(const struct run_of *run)
{
	return run->mode == MODE_HOTPLUG || run->mode == MODE_ASSIGN || run->mode == MODE_RELEASE;
}

/* Of the entries for ADDRESS the last one counts, of rules that were not refused. */
static bool was_returned(struct json_object *report, const char *address)
{
	struct json_object *devices;
	const char *state = "";
	size_t count = array_of(report, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(devices, i);

		if (strcmp(text_of(entry, "address"), address) == 0 &&
		    strcmp(text_of(entry, "state"), "refused") != 0)
			state = text_of(entry, "state");
	}
	return strcmp(state, "returned") == 0;
}

/*
 * Its place is another device's now, it was not settled yet, or the device was returned and is
 * taken anew: all entries for it are settled with that, whichever rules they are of.
 */
static bool is_outdated(const struct run_of *run, struct json_object *before,
			struct json_object *after)
{
	return (run->mode == MODE_ASSIGN && *text_of(before, "address") &&
		was_returned(last, text_of(before, "address"))) ||
	       strcmp(text_of(before, "state"), "waiting") == 0 ||
	       strcmp(text_of(before, "id"), text_of(after, "id")) != 0;
}

static bool may_be_forgotten(const struct run_of *run, const char *address)
{
	return (run->mode == MODE_RELEASE || run->mode == MODE_ASSIGN) && run->target &&
	       strcmp(run->target->name, address) == 0;
}

static void check_entry_kept(const struct run_of *run, struct json_object *before,
			     struct json_object *report)
{
	const char *rule = text_of(before, "rule"), *address = text_of(before, "address");
	struct json_object *after = find_entry(report, before), *devices;

	if (after) {
		if (!is_outdated(run, before, after))
			check_findings_kept(before, after, may_finish(run), address);
		return;
	}
	if (may_be_forgotten(run, address))
		return;
	/* What was absent has come. */
	for (size_t i = array_of(report, "devices", &devices); i > 0 && !*address; i--) {
		if (is_same_rule(before, json_object_array_get_idx(devices, i - 1)))
			return;
	}
	must(false, kept(), "the entry of %s for %s is gone", rule, address);
}

static void check_kept(const struct run_of *run, struct json_object *report)
{
	struct json_object *devices, *after;
	size_t count;

	if (!last || run->mode == MODE_BOOT)
		return;
	count = array_of(last, "devices", &devices);
	is_wiped |= count && fuzz_is_open(kept()) && array_of(report, "devices", &after) == 0;
	for (size_t i = 0; i < count; i++)
		check_entry_kept(run, json_object_array_get_idx(devices, i), report);
	check_findings_kept(last, report, false, "the record");
	json_object_object_foreach(last, key, value)
	{
		(void)value;
		must(json_object_object_get_ex(report, key, NULL), kept(), "%s is gone", key);
	}
}

static bool has_code(struct json_object *object, const char *code)
{
	struct json_object *findings;
	size_t count = array_of(object, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(text_of(json_object_array_get_idx(findings, i), "code"), code) == 0)
			return true;
	}
	return false;
}

static bool is_named(const struct driver *driver, const char *name)
{
	return driver && strcmp(driver->name, name) == 0;
}

static bool has_override(const struct device *device, const char *override)
{
	return device->override && strcmp(device->override, override) == 0;
}

/* What failed was given back, or the entry says that it was not. */
static bool failure_is_told(struct json_object *entry, const struct device *device)
{
	static const char *const codes[] = { "return-failed", "claim-failed", "deadline" };

	if (!device_is_claimed(device) || notes_of((struct device *)device)->is_others)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (has_code(entry, codes[i]))
			return true;
	}
	return false;
}

/* One of the entries for NAME says that it is taken or held, or may be. */
static bool has_claim(struct json_object *report, const char *name)
{
	static const char *const free_states[] = { "absent", "refused", "returned" };
	struct json_object *devices;
	size_t count = array_of(report, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		struct json_object *entry = json_object_array_get_idx(devices, i);
		bool is_free = strcmp(text_of(entry, "address"), name) != 0;

		for (size_t k = 0; k < ARRAY_SIZE(free_states); k++)
			is_free |= strcmp(text_of(entry, "state"), free_states[k]) == 0;
		if (!is_free)
			return true;
	}
	return false;
}

/* The state says what is true of DEVICE, NULL when it is not there, at this moment. */
static bool is_true(struct json_object *entry, struct json_object *report,
		    const struct device *device, const char *state)
{
	const char *driver = text_of(entry, "driver");
	bool is_others = device && notes_of((struct device *)device)->is_others;

	if (strcmp(state, "bound") == 0)
		return device && is_named(device->driver, driver);
	if (strcmp(state, "held") == 0)
		return device && has_override(device, "none") && !device->driver;
	if (strcmp(state, "claimed") == 0)
		return device && has_override(device, driver) &&
		       (!device->driver || is_named(device->driver, driver));
	/* Another rule may have it. */
	if (strcmp(state, "refused") == 0)
		return !device || !device_is_claimed(device) || is_others ||
		       has_claim(report, device->name);
	if (strcmp(state, "returned") == 0)
		return !device || is_others ||
		       (!device_is_claimed(device) && !is_named(device->driver, driver));
	if (strcmp(state, "failed") == 0)
		return !device || failure_is_told(entry, device);
	return true;
}

/* What an earlier process said of the state, and this one lets stand. */
static bool says_the_same(struct json_object *before, struct json_object *entry)
{
	return before && strcmp(text_of(before, "state"), text_of(entry, "state")) == 0 &&
	       strcmp(text_of(before, "driver"), text_of(entry, "driver")) == 0;
}

static void check_entry(struct json_object *entry, struct json_object *report)
{
	static const char *const keys[] = { "rule",   "address", "path",   "id",
					    "driver", "state",   "errno",  "findings",
					    "class",  "group",   "viable", "previous_driver" };
	const char *address = text_of(entry, "address"), *state = text_of(entry, "state");
	const struct device *device = kernel_find(address);

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		must(json_object_object_get_ex(entry, keys[i], NULL), "record-shape",
		     "%s has no %s", address, keys[i]);
	must((strcmp(state, "absent") == 0) == !*address, "record-shape", "%s is %s", address,
	     state);
	if (last && says_the_same(find_entry(last, entry), entry))
		return;
	if (strcmp(state, "planned") == 0) {
		must(has_code(report, "unfinished") || has_code(entry, "unfinished"),
		     "record-planned", "%s is planned", address);
		return;
	}
	/* Of a device that is on record twice the last entry counts. */
	must(is_true(entry, report, device, state), "record-truth",
	     "%s is on record as %s for %s; driver %s, override %s", address, state,
	     text_of(entry, "driver"), device && device->driver ? device->driver->name : "none",
	     device && device->override ? device->override : "none");
}

void report_check(const struct run_of *run, const char *text)
{
	struct json_object *report = json_tokener_parse(text), *devices;
	size_t count;

	is_agents = run->mode <= MODE_RESCUE;
	must(json_object_is_type(report, json_type_object), "record-json", "%s", text);
	must(json_object_object_get_ex(report, "devices", NULL) &&
		     json_object_object_get_ex(report, "findings", NULL) &&
		     *text_of(report, "program"),
	     "record-shape", "%s", text);
	check_plain(report);
	check_kept(run, report);
	count = array_of(report, "devices", &devices);
	for (size_t i = 0; i < count; i++)
		check_entry(json_object_array_get_idx(devices, i), report);
	json_object_put(last);
	last = report;
}

bool report_has_claim(const char *name)
{
	return has_claim(last, name);
}

bool report_is_finished(void)
{
	return !last || !has_code(last, "unfinished");
}

bool report_is_good(void)
{
	static const char *const good[] = { "bound", "waiting", "ready" };
	struct json_object *devices;
	size_t count = array_of(last, "devices", &devices);

	for (size_t i = 0; i < count; i++) {
		const char *state = text_of(json_object_array_get_idx(devices, i), "state");
		bool is_good = false;

		for (size_t g = 0; g < ARRAY_SIZE(good); g++)
			is_good |= strcmp(state, good[g]) == 0;
		if (!is_good)
			return false;
	}
	return true;
}

/* What is on disk is not what was checked last, or there is nothing. */
bool report_could_not_be_written(void)
{
	const char *text = model_text(REPORT_PATH);
	struct json_object *now = text ? json_tokener_parse(text) : NULL;
	bool is_same = now && last && json_object_equal(now, last);

	json_object_put(now);
	return is_wiped || (!is_same && (process_struck() || model_run_is_full()));
}

/* One of KEY=="VALUE", KEY{x}!="VALUE", KEY+="VALUE", from TEXT on. What is behind it, or NULL. */
static const char *udev_pair(const char *text, char name[static 64], char value[static 256])
{
	int used = 0;
	size_t length;

	if (sscanf(text, "%63[A-Z_a-z0-9{}/]%n", name, &used) != 1)
		return NULL;
	text += used;
	length = strspn(text, "=!+");
	if (length < 1 || length > 2 || text[length - 1] != '=' || text[length] != '"')
		return NULL;
	text += length + 1;
	length = strcspn(text, "\"\n");
	if (text[length] != '"' || length >= 256)
		return NULL;
	memcpy(value, text, length);
	value[length] = '\0';
	return text + length + 1;
}

void report_check_udev(const char *text)
{
	char name[64], value[256];
	const char *label;

	for (const char *at = text; *at;) {
		if (*at == '#') {
			at += strcspn(at, "\n");
			at += *at == '\n';
			continue;
		}
		at = udev_pair(at, name, value);
		must(at, "udev-rules", "%s", text);
		if (strcmp(name, "GOTO") == 0) {
			label = arena_printf("LABEL=\"%s\"\n", value);
			must(strstr(at, label), "udev-rules", "no %s in: %s", label, text);
		}
		if (strncmp(at, ", ", 2) == 0)
			at += 2;
		else if (*at == '\n')
			at++;
		else
			must(false, "udev-rules", "at '%.20s' in: %s", at, text);
	}
}
