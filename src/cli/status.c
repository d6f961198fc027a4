/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

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

/* The driver of the device at ADDRESS now: "" for none, NULL when there is no such device. */
static char *driver_now(const struct root *root, const char *address)
{
	_cleanup_free_ char *device = memory_printf("sys/bus/pci/devices/%s", address);
	_cleanup_free_ char *link = memory_printf("%s/driver", device);
	char driver[DRIVER_NAME_SIZE] = "";

	if (root_exists(root, device) < 0)
		return NULL;
	root_link_name(root, link, driver, sizeof(driver));
	return memory_copy(driver, strlen(driver));
}

/* Whether the driver that the device has NOW fits the STATE on record. */
static bool still_holds(const char *state, const char *driver, const char *now)
{
	if (strcmp(state, "bound") == 0)
		return now && strcmp(now, driver) == 0;
	if (strcmp(state, "claimed") == 0)
		return now && (!*now || strcmp(now, driver) == 0);
	if (strcmp(state, "held") == 0)
		return now && !*now;
	return true;
}

static void print_findings(struct json_object *owner)
{
	struct json_object *findings = json_object_object_get(owner, "findings");
	size_t count = json_object_is_type(findings, json_type_array)
			       ? json_object_array_length(findings)
			       : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *remedy = text_of(finding, "remedy");

		printf("    %s: %s: %s\n", text_of(finding, "severity"), text_of(finding, "code"),
		       text_of(finding, "text"));
		if (*remedy)
			printf("      what to do: %s\n", remedy);
	}
}

static const char *shown_driver(const char *now)
{
	if (!now)
		return "gone";
	return *now ? now : "no driver";
}

/* Print one device of the record. Returns whether it is as wanted, now as well. */
static bool print_device(const struct root *root, struct json_object *device)
{
	const char *address = text_of(device, "address");
	const char *state = text_of(device, "state");
	const char *driver = text_of(device, "driver");
	struct pci_address parsed;
	_cleanup_free_ char *now = NULL;
	bool holds;

	if (address_parse(address, &parsed) < 0) {
		printf("%-16s %-12s %-9s wanted: %s\n", text_of(device, "rule"), "-", state,
		       driver);
		print_findings(device);
		return false;
	}
	now = driver_now(root, address);
	holds = still_holds(state, driver, now);
	printf("%-16s %-12s %-9s wanted: %s, now: %s%s\n", text_of(device, "rule"), address, state,
	       driver, shown_driver(now), holds ? "" : "  <-- changed since the initramfs");
	print_findings(device);
	/* A claim that was completed since is as good as a bind. */
	return holds && now && strcmp(now, driver) == 0;
}

static bool has_error(struct json_object *findings)
{
	size_t count = json_object_is_type(findings, json_type_array)
			       ? json_object_array_length(findings)
			       : 0;

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (strcmp(text_of(finding, "severity"), "error") == 0)
			return true;
	}
	return false;
}

static int print_report(const struct root *root, struct json_object *report)
{
	struct json_object *devices = json_object_object_get(report, "devices");
	size_t count = json_object_is_type(devices, json_type_array)
			       ? json_object_array_length(devices)
			       : 0;
	size_t good = 0;

	printf("%s, kernel %s\n", text_of(report, "program"), text_of(report, "kernel"));
	for (size_t i = 0; i < count; i++)
		good += print_device(root, json_object_array_get_idx(devices, i));
	print_findings(report);
	printf("%zu of %zu devices are as wanted.\n", good, count);
	if (good < count || has_error(json_object_object_get(report, "findings")))
		return EXIT_BAD;
	return EXIT_GOOD;
}

static int read_report(const struct root *root, struct json_object **ret)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, REPORT_PATH, REPORT_SIZE_MAX, &text, &size);

	if (r < 0)
		return r;
	*ret = json_tokener_parse(text);
	return json_object_is_type(*ret, json_type_object) ? 0 : -EBADMSG;
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
	else
		cli_error("/" REPORT_PATH, r);
	json_object_put(report);
	root_close(&options.root);
	return r < 0 ? EXIT_BAD : r;
}
