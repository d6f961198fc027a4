/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/rebuild.h"
#include "cli/status/status.h"
#include "report/exit_status.h"
#include "report/others.h"
#include "report/record.h"
#include "report/stored.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct status_options {
	bool json, metrics;
};

static struct device_status compare(const struct root *root, struct json_value *recorded)
{
	struct device_status device = { .recorded = recorded };
	const struct recorded was = stored_recorded(recorded);
	struct pci_address parsed;

	device.has_address = address_parse(stored_text(recorded, "address"), &parsed) == 0;
	if (device.has_address)
		standing_read(root, stored_text(recorded, "address"), &device.now);
	device.holds = standing_fits(&device.now, &was);
	/* A claim that was completed since is as good as a bind. */
	device.is_ok = device.holds && standing_is_configured(&device.now, &was) &&
		       !stored_is_unfinished(recorded);
	return device;
}

static void compare_all(const struct root *root, struct status *status)
{
	struct json_value *recorded = stored_first(status->stored.report, "devices");

	status->is_stale = rebuild_is_due(root, status->stored.report);
	for (; recorded; recorded = recorded->next) {
		status->devices =
			memory_grow(status->devices, status->count, sizeof(status->devices[0]));
		status->devices[status->count] = compare(root, recorded);
		status->good += status->devices[status->count++].is_ok;
	}
}

/* A guest's manager binds devices, too, for as long as the guest runs: this is no fault. */
static void find_others(const struct root *root, struct status *status)
{
	held_read(root, &status->others);
	others_keep(&status->others, &status->stored);
}

static void print_findings(const struct json_value *owner)
{
	const struct json_value *finding = stored_first(owner, "findings");

	for (; finding; finding = finding->next) {
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
	return status->stored.report && status->good == status->count &&
	       !stored_has_error(status->stored.report);
}

static void print_text(const struct root *root, const struct status *status)
{
	char name[ADDRESS_SIZE];

	printf("%s, kernel %s\n", stored_text(status->stored.report, "program"),
	       stored_text(status->stored.report, "kernel"));
	for (size_t i = 0; i < status->count; i++)
		print_device(&status->devices[i]);
	print_findings(json_get(status->stored.report, "iommu"));
	print_findings(status->stored.report);
	for (size_t i = 0; i < status->others.count; i++)
		printf("%s is bound to %s, but not by passthru.\n",
		       address_format(&status->others.items[i].address, name),
		       status->others.items[i].driver);
	printf("%zu of %zu devices OK.\n", status->good, status->count);
	if (status->is_stale)
		printf("The configuration was changed since the image of this boot was made: %s\n",
		       rebuild_command(root));
}

static void set_others(struct json_document *document, struct json_value *report,
		       const struct held *others)
{
	struct json_value *array = json_set(document, report, "bound_by_other", JSON_ARRAY, "");
	char name[ADDRESS_SIZE];

	for (size_t i = 0; i < others->count; i++) {
		struct json_value *object = json_allocate(document, sizeof(*object));

		object->kind = JSON_OBJECT;
		object->text = "";
		json_set_text(document, object, "address",
			      address_format(&others->items[i].address, name));
		json_set_text(document, object, "driver", others->items[i].driver);
		json_append(array, object);
	}
}

/* The record itself, with what is known now added to each device. */
static void print_json(struct status *status)
{
	struct json_document *document = &status->stored.document;
	struct json_value *report = status->stored.report;
	_cleanup_(json_text_free) struct json_text text = { 0 };

	for (size_t i = 0; i < status->count; i++) {
		const struct device_status *device = &status->devices[i];

		json_set_text(document, device->recorded, "driver_now", device->now.driver);
		json_set_flag(document, device->recorded, "present", device->now.is_present);
		json_set_flag(document, device->recorded, "holds", device->holds);
		json_set_flag(document, device->recorded, "ok", device->is_ok);
	}
	set_others(document, report, &status->others);
	json_set_flag(document, report, "stale", status->is_stale);
	json_set_flag(document, report, "ok", status_is_good(status));
	json_text_value(&text, NULL, report);
	puts(text.buffer.text);
}

static void status_free(struct status *status)
{
	stored_close(&status->stored);
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

static int run_status(struct call *call)
{
	const struct status_options *options = call->options;
	_cleanup_(status_free) struct status status = { .stored.lock_fd = -1 };
	int r = stored_read(&call->root, &status.stored);

	if (r < 0)
		say_no_record(&call->root, r);
	else
		compare_all(&call->root, &status);
	find_others(&call->root, &status);
	if (options->metrics)
		status_print_metrics(&status);
	else if (r == 0 && options->json)
		print_json(&status);
	else if (r == 0)
		print_text(&call->root, &status);
	if (r < 0)
		call->status = EXIT_UNKNOWN;
	else
		call->status = status_is_good(&status) ? EXIT_OK : EXIT_NOT_OK;
	return r;
}

static const struct command_option accepted[] = {
	OPTION_JSON(struct status_options),
	{ .name = "metrics",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct status_options, metrics),
	  .meaning = "print metrics for Prometheus" },
};

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "what happened in the initramfs, and whether it still holds",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct status_options),
	.run = run_status,
};
