/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/apply.h"
#include "cli/cli.h"
#include "facts/device.h"
#include "report/record.h"
#include "report/stored.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

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
	size_t count = stored_array(owner, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *remedy = stored_text(finding, "remedy");

		printf("    %s: %s: %s\n", stored_text(finding, "severity"),
		       stored_text(finding, "code"), stored_text(finding, "text"));
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
	const char *address = stored_text(device, "address");
	const char *state = stored_text(device, "state");
	const char *driver = stored_text(device, "driver");
	struct pci_address parsed;
	struct device_now now;
	bool holds;

	if (address_parse(address, &parsed) < 0) {
		printf("%-16s %-12s %-9s wanted: %s\n", stored_text(device, "rule"), "-", state,
		       driver);
		print_findings(device);
		return false;
	}
	look_at(root, address, &now);
	holds = still_holds(state, driver, &now);
	printf("%-16s %-12s %-9s wanted: %s, now: %s%s\n", stored_text(device, "rule"), address,
	       state, driver, shown_driver(&now), holds ? "" : "  <-- changed since the initramfs");
	print_findings(device);
	/* A claim that was completed since is as good as a bind. */
	return holds && *driver && strcmp(now.driver, driver) == 0;
}

static bool has_error(struct json_object *report)
{
	struct json_object *findings;
	size_t count = stored_array(report, "findings", &findings);

	for (size_t i = 0; i < count; i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);

		if (strcmp(stored_text(finding, "severity"), "error") == 0)
			return true;
	}
	return false;
}

static int print_report(const struct root *root, struct json_object *report)
{
	struct json_object *devices;
	size_t count = stored_array(report, "devices", &devices);
	size_t good = 0;

	printf("%s, kernel %s\n", stored_text(report, "program"), stored_text(report, "kernel"));
	for (size_t i = 0; i < count; i++)
		good += print_device(root, json_object_array_get_idx(devices, i));
	print_findings(report);
	printf("%zu of %zu devices are as wanted.\n", good, count);
	return good < count || has_error(report) ? EXIT_BAD : EXIT_GOOD;
}

int cli_status(const struct cli_options *options)
{
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	int r = stored_read(&options->root, &stored);

	if (r == 0)
		r = print_report(&options->root, stored.report);
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
	return r < 0 ? EXIT_BAD : r;
}
