/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/apply.h"
#include "cli/cli.h"
#include "cli/json.h"
#include "cli/status.h"
#include "report/record.h"
#include "report/stored.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static void look_at(const struct root *root, const char *address, struct device_status *device)
{
	_cleanup_free_ char *path = memory_printf("sys/bus/pci/devices/%s", address);
	_cleanup_free_ char *link = memory_printf("%s/driver", path);
	_cleanup_free_ char *override = memory_printf("%s/driver_override", path);

	device->is_present = root_exists(root, path) == 0;
	root_link_name(root, link, device->driver, sizeof(device->driver));
	if (!text_is_plain(device->driver))
		strcpy(device->driver, "?");
	root_read_attribute(root, override, device->override, sizeof(device->override));
}

/* The states after which a device may have any driver; a word that is no state is none of them. */
static bool promises_nothing(const char *state)
{
	static const char *const states[] = { "planned", "refused", "failed", "absent",
					      "returned" };

	for (size_t i = 0; i < ARRAY_SIZE(states); i++) {
		if (strcmp(states[i], state) == 0)
			return true;
	}
	return false;
}

/* Whether what DEVICE has now fits the STATE on record. */
static bool still_holds(const struct device_status *device, const char *state, const char *driver)
{
	bool has_stub = strcmp(device->driver, driver) == 0;

	if (strcmp(state, "bound") == 0)
		return has_stub;
	if (strcmp(state, "claimed") == 0)
		return has_stub || (!device->driver[0] && strcmp(device->override, driver) == 0);
	if (strcmp(state, "held") == 0)
		return device->is_present && !device->driver[0] &&
		       strcmp(device->override, HOLD_OVERRIDE) == 0;
	return promises_nothing(state);
}

static struct device_status compare(const struct root *root, struct json_object *recorded)
{
	struct device_status device = { .recorded = recorded };
	const char *driver = stored_text(recorded, "driver");
	struct pci_address parsed;

	device.has_address = address_parse(stored_text(recorded, "address"), &parsed) == 0;
	if (!device.has_address) {
		device.holds = promises_nothing(stored_text(recorded, "state"));
		return device;
	}
	look_at(root, stored_text(recorded, "address"), &device);
	device.holds = still_holds(&device, stored_text(recorded, "state"), driver);
	/* A claim that was completed since is as good as a bind. */
	device.is_as_wanted = device.holds && *driver && strcmp(device.driver, driver) == 0;
	return device;
}

static void compare_all(const struct root *root, struct json_object *report, struct status *ret)
{
	struct json_object *devices;
	size_t count = stored_array(report, "devices", &devices);

	*ret = (struct status){ .report = report, .count = count };
	ret->devices = memory_new(count, sizeof(ret->devices[0]));
	for (size_t i = 0; i < count; i++) {
		ret->devices[i] = compare(root, json_object_array_get_idx(devices, i));
		ret->good += ret->devices[i].is_as_wanted;
	}
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

static const char *shown_driver(const struct device_status *device)
{
	if (!device->is_present)
		return "gone";
	return device->driver[0] ? device->driver : "no driver";
}

static void print_device(const struct device_status *device)
{
	const char *rule = stored_text(device->recorded, "rule");
	const char *state = stored_text(device->recorded, "state");
	const char *driver = stored_text(device->recorded, "driver");

	if (device->has_address)
		printf("%-16s %-12s %-9s wanted: %s, now: %s%s\n", rule,
		       stored_text(device->recorded, "address"), state, driver,
		       shown_driver(device),
		       device->holds ? "" : "  <-- changed since the initramfs");
	else
		printf("%-16s %-12s %-9s wanted: %s\n", rule, "-", state, driver);
	print_findings(device->recorded);
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

bool status_is_good(const struct status *status)
{
	return status->report && status->good == status->count && !has_error(status->report);
}

static void print_text(const struct status *status)
{
	printf("%s, kernel %s\n", stored_text(status->report, "program"),
	       stored_text(status->report, "kernel"));
	for (size_t i = 0; i < status->count; i++)
		print_device(&status->devices[i]);
	print_findings(status->report);
	printf("%zu of %zu devices are as wanted.\n", status->good, status->count);
}

/* The record itself, with what is known now added to each device. */
static void print_json(const struct status *status)
{
	for (size_t i = 0; i < status->count; i++) {
		const struct device_status *device = &status->devices[i];

		json_put_text(device->recorded, "driver_now", device->driver);
		json_object_object_add(device->recorded, "present",
				       json_object_new_boolean(device->is_present));
		json_object_object_add(device->recorded, "holds",
				       json_object_new_boolean(device->holds));
		json_object_object_add(device->recorded, "as_wanted",
				       json_object_new_boolean(device->is_as_wanted));
	}
	json_object_object_add(status->report, "as_wanted",
			       json_object_new_boolean(status_is_good(status)));
	json_print(json_object_get(status->report));
}

static void status_free(struct status *status)
{
	free(status->devices);
}

static void say_no_record(int error)
{
	if (error == -ENOENT)
		fputs("passthru: there is no record of this boot (/" REPORT_PATH
		      "): the agent did not run in the initramfs.\n"
		      "Rebuild the image (dracut -f) and see that the module passthru is in it.\n",
		      stderr);
	else if (error == -EBADMSG)
		fputs("passthru: /" REPORT_PATH
		      ": this is no record of the agent, or a damaged one\n",
		      stderr);
	else
		cli_error("/" REPORT_PATH, error);
}

int cli_status(const struct cli_options *options)
{
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	_cleanup_(status_free) struct status status = { 0 };
	int r = stored_read(&options->root, &stored);

	if (r < 0)
		say_no_record(r);
	else
		compare_all(&options->root, stored.report, &status);
	if (options->metrics)
		status_print_metrics(&status);
	else if (r == 0 && options->json)
		print_json(&status);
	else if (r == 0)
		print_text(&status);
	if (r < 0)
		return EXIT_UNKNOWN;
	return status_is_good(&status) ? EXIT_GOOD : EXIT_BAD;
}
