/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>

#include "cli/cli.h"
#include "cli/json.h"
#include "cli/rebuild.h"
#include "cli/status.h"
#include "report/others.h"
#include "report/record.h"
#include "report/stored.h"
#include "util/cleanup.h"
#include "util/memory.h"

static struct device_status compare(const struct root *root, struct json_object *recorded)
{
	struct device_status device = { .recorded = recorded };
	const struct recorded was = stored_recorded(recorded);
	struct pci_address parsed;

	device.has_address = address_parse(stored_text(recorded, "address"), &parsed) == 0;
	if (device.has_address)
		standing_read(root, stored_text(recorded, "address"), &device.now);
	device.holds = standing_fits(&device.now, &was);
	/* A claim that was completed since is as good as a bind. */
	device.is_as_wanted = device.holds && standing_is_as_wanted(&device.now, &was);
	return device;
}

static void compare_all(const struct root *root, struct json_object *report, struct status *ret)
{
	struct json_object *devices;
	size_t count = stored_array(report, "devices", &devices);

	*ret = (struct status){
		.report = report,
		.count = count,
		.is_stale = rebuild_is_due(root, report),
	};
	ret->devices = memory_new(count, sizeof(ret->devices[0]));
	for (size_t i = 0; i < count; i++) {
		ret->devices[i] = compare(root, json_object_array_get_idx(devices, i));
		ret->good += ret->devices[i].is_as_wanted;
	}
}

/* A guest's manager binds devices, too, for as long as the guest runs: this is no fault. */
static void find_others(const struct root *root, const struct stored *stored, struct status *status)
{
	held_read(root, &status->others);
	others_keep(&status->others, stored);
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

/* "vfio-pci"; a physical function gets virtual ones and no other driver. */
static char *wanted_text(const struct recorded *recorded)
{
	if (recorded->vfs)
		return memory_printf("%u VFs (keeps its driver)", recorded->vfs);
	return memory_printf("%s", recorded->driver);
}

static void print_device(const struct device_status *device)
{
	const struct recorded recorded = stored_recorded(device->recorded);
	const char *rule = stored_text(device->recorded, "rule");
	_cleanup_free_ char *wanted = wanted_text(&recorded);
	_cleanup_free_ char *now = standing_text(&device->now, &recorded);

	if (device->has_address)
		printf("%-16s %-12s %-9s wanted: %s, now: %s%s\n", rule,
		       stored_text(device->recorded, "address"), recorded.state, wanted, now,
		       device->holds ? "" : "  <-- changed since the initramfs");
	else
		printf("%-16s %-12s %-9s wanted: %s\n", rule, "-", recorded.state, wanted);
	print_findings(device->recorded);
}

bool status_is_good(const struct status *status)
{
	return status->report && status->good == status->count && !stored_has_error(status->report);
}

static void print_text(const struct root *root, const struct status *status)
{
	char name[ADDRESS_SIZE];

	printf("%s, kernel %s\n", stored_text(status->report, "program"),
	       stored_text(status->report, "kernel"));
	for (size_t i = 0; i < status->count; i++)
		print_device(&status->devices[i]);
	print_findings(json_object_object_get(status->report, "iommu"));
	print_findings(status->report);
	for (size_t i = 0; i < status->others.count; i++)
		printf("%s is bound to %s, but not by passthru.\n",
		       address_format(&status->others.items[i].address, name),
		       status->others.items[i].driver);
	printf("%zu of %zu devices are as wanted.\n", status->good, status->count);
	if (status->is_stale)
		printf("The configuration was changed since the image of this boot was made: %s\n",
		       rebuild_command(root));
}

static struct json_object *others_json(const struct held *others)
{
	struct json_object *array = json_object_new_array();
	char name[ADDRESS_SIZE];

	for (size_t i = 0; i < others->count; i++) {
		struct json_object *object = json_object_new_object();

		json_put_text(object, "address", address_format(&others->items[i].address, name));
		json_put_text(object, "driver", others->items[i].driver);
		json_object_array_add(array, object);
	}
	return array;
}

/* The record itself, with what is known now added to each device. */
static void print_json(const struct status *status)
{
	for (size_t i = 0; i < status->count; i++) {
		const struct device_status *device = &status->devices[i];

		json_put_text(device->recorded, "driver_now", device->now.driver);
		json_object_object_add(device->recorded, "present",
				       json_object_new_boolean(device->now.is_present));
		json_object_object_add(device->recorded, "holds",
				       json_object_new_boolean(device->holds));
		json_object_object_add(device->recorded, "as_wanted",
				       json_object_new_boolean(device->is_as_wanted));
	}
	json_object_object_add(status->report, "bound_by_other", others_json(&status->others));
	json_object_object_add(status->report, "stale", json_object_new_boolean(status->is_stale));
	json_object_object_add(status->report, "as_wanted",
			       json_object_new_boolean(status_is_good(status)));
	json_print(json_object_get(status->report));
}

static void status_free(struct status *status)
{
	free(status->devices);
	held_free(&status->others);
}

static void say_no_record(const struct root *root, int error)
{
	if (error == -ENOENT)
		fprintf(stderr,
			"passthru: there is no record of this boot (/" REPORT_PATH
			"): the agent did not run in the initramfs.\n"
			"Rebuild the image (%s) and see that the agent is in it.\n",
			rebuild_command(root));
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
		say_no_record(&options->root, r);
	else
		compare_all(&options->root, stored.report, &status);
	find_others(&options->root, &stored, &status);
	if (options->metrics)
		status_print_metrics(&status);
	else if (r == 0 && options->json)
		print_json(&status);
	else if (r == 0)
		print_text(&options->root, &status);
	if (r < 0)
		return EXIT_UNKNOWN;
	return status_is_good(&status) ? EXIT_GOOD : EXIT_BAD;
}
