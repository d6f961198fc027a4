/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <json-c/json.h>
#include <json-c/json_visit.h>
#include <stdio.h>
#include <string.h>

#include "apply/apply.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "facts/device.h"
#include "report/record.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define REPORT_SIZE_MAX (16 * 1024 * 1024)

/* The text under KEY, or "". */
static const char *text_of(struct json_object *object, const char *key)
{
	const char *text = json_object_get_string(json_object_object_get(object, key));

	return text ? text : "";
}

/* The array under KEY as its length; *RET_ARRAY is only for use up to that. */
static size_t array_of(struct json_object *object, const char *key, struct json_object **ret_array)
{
	*ret_array = json_object_object_get(object, key);
	return json_object_is_type(*ret_array, json_type_array)
		       ? json_object_array_length(*ret_array)
		       : 0;
}

/* What a device is to have, and what it has now. */
struct device_now {
	bool is_present;
	char driver[DRIVER_NAME_SIZE];   /* "" for none */
	char override[DRIVER_NAME_SIZE]; /* "(null)" for none */
};

static void look_at(const struct root *root, const char *address, struct device_now *ret)
{
	_cleanup_free_ char *device = memory_printf("sys/bus/pci/devices/%s", address);
	_cleanup_free_ char *link = memory_printf("%s/driver", device);
	_cleanup_free_ char *override = memory_printf("%s/driver_override", device);

	*ret = (struct device_now){ .is_present = root_exists(root, device) == 0 };
	root_link_name(root, link, ret->driver, sizeof(ret->driver));
	if (!text_is_plain(ret->driver))
		strcpy(ret->driver, "?");
	root_read_attribute(root, override, ret->override, sizeof(ret->override));
}

/* The states after which a device may have any driver; a word that is no state is none of them. */
static bool promises_nothing(const char *state)
{
	static const char *const states[] = { "planned", "refused", "failed", "absent" };

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strcmp(states[i], state) == 0)
			return true;
	}
	return false;
}

/* Whether what the device has NOW fits the STATE on record. */
static bool still_holds(const char *state, const char *driver, const struct device_now *now)
{
	bool has_stub = strcmp(now->driver, driver) == 0;

	if (strcmp(state, "bound") == 0)
		return has_stub;
	if (strcmp(state, "claimed") == 0)
		return has_stub || (!now->driver[0] && strcmp(now->override, driver) == 0);
	if (strcmp(state, "held") == 0)
		return now->is_present && !now->driver[0] &&
		       strcmp(now->override, HOLD_OVERRIDE) == 0;
	return promises_nothing(state);
}

static void print_findings(struct json_object *owner)
{
	struct json_object *findings;
	size_t count = array_of(owner, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *remedy = text_of(finding, "remedy");

		printf("    %s: %s: %s\n", text_of(finding, "severity"), text_of(finding, "code"),
		       text_of(finding, "text"));
		if (*remedy)
			printf("      what to do: %s\n", remedy);
	}
}

static const char *shown_driver(const struct device_now *now)
{
	if (!now->is_present)
		return "gone";
	return now->driver[0] ? now->driver : "no driver";
}

/* Print one device of the record. Returns whether it is as wanted, now as well. */
static bool print_device(const struct root *root, struct json_object *device)
{
	const char *address = text_of(device, "address");
	const char *state = text_of(device, "state");
	const char *driver = text_of(device, "driver");
	struct pci_address parsed;
	struct device_now now;
	bool holds;

	if (address_parse(address, &parsed) < 0) {
		printf("%-16s %-12s %-9s wanted: %s\n", text_of(device, "rule"), "-", state,
		       driver);
		print_findings(device);
		return false;
	}
	look_at(root, address, &now);
	holds = still_holds(state, driver, &now);
	printf("%-16s %-12s %-9s wanted: %s, now: %s%s\n", text_of(device, "rule"), address, state,
	       driver, shown_driver(&now), holds ? "" : "  <-- changed since the initramfs");
	print_findings(device);
	/* A claim that was completed since is as good as a bind. */
	return holds && *driver && strcmp(now.driver, driver) == 0;
}

static bool has_error(struct json_object *report)
{
	struct json_object *findings;
	size_t count = array_of(report, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (strcmp(text_of(finding, "severity"), "error") == 0)
			return true;
	}
	return false;
}

static int print_report(const struct root *root, struct json_object *report)
{
	struct json_object *devices;
	size_t count = array_of(report, "devices", &devices);
	size_t good = 0;

	printf("%s, kernel %s\n", text_of(report, "program"), text_of(report, "kernel"));
	for (size_t i = 0; i < count; i++)
		good += print_device(root, json_object_array_get_idx(devices, i));
	print_findings(report);
	printf("%zu of %zu devices are as wanted.\n", good, count);
	return good < count || has_error(report) ? EXIT_BAD : EXIT_GOOD;
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

/* The shape that passthru-init(8) gives, as far as this command relies on it. */
static bool is_report(struct json_object *object)
{
	return json_object_is_type(object, json_type_object) &&
	       json_object_get_int(json_object_object_get(object, "version")) == REPORT_VERSION &&
	       *text_of(object, "program") && has_array(object, "devices") &&
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

static int read_report(const struct root *root, struct json_object **ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, REPORT_PATH, REPORT_SIZE_MAX, &text, &size);

	return r < 0 ? r : parse_report(text, size, ret);
}

int cli_status(int argc, char **argv)
{
	struct json_object *report = NULL;
	struct cli_options options;
	int r = cli_options_read(argc, argv, OPTION_ROOT, &options);

	if (r >= 0)
		return r;
	r = read_report(&options.root, &report);
	if (r == 0)
		r = print_report(&options.root, report);
	else if (r == -ENOENT)
		fputs("passthru: there is no record of this boot (/" REPORT_PATH
		      "): the agent did not run in the initramfs.\n"
		      "Rebuild the image (dracut -f) and see that the module passthru is in it.\n",
		      stderr);
	else if (r == -EBADMSG)
		fputs("passthru: /" REPORT_PATH
		      ": this is no record of the agent, or a damaged one\n",
		      stderr);
	else
		cli_error("/" REPORT_PATH, r);
	json_object_put(report);
	root_close(&options.root);
	return r < 0 ? EXIT_BAD : r;
}
