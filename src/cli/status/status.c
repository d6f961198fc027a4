/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/iommu.h"
#include "cli/message.h"
#include "cli/rebuild.h"
#include "cli/status/comparison.h"
#include "cli/status/metrics.h"
#include "report/exit_status.h"
#include "report/others.h"
#include "report/trial.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct status_options {
	bool json, metrics;
};

static void print_findings(struct recorded_finding first, struct names *codes)
{
	for_each_recorded(finding, first)
	{
		printf("    %s: %s: %s\n", finding.severity, finding.code, finding.text);
		if (*finding.remedy)
			printf("      what to do: %s\n", finding.remedy);
		names_add_once(codes, finding.code);
	}
}

/* "vfio-pci"; a physical function gets virtual ones and no other driver. */
static char *wanted_text(const struct recorded *recorded)
{
	if (recorded->vfs)
		return memory_printf("%u VFs (keeps its driver)", recorded->vfs);
	return memory_printf("%s", recorded->driver);
}

static void print_device(const struct device_status *device, struct names *codes)
{
	const struct entry *entry = device->entry;
	const struct recorded recorded = entry_recorded(entry);
	_cleanup_free_ char *wanted = wanted_text(&recorded);
	_cleanup_free_ char *now = observed_text(&device->is.now, &recorded);
	_cleanup_free_ char *error = observed_error(&device->is.now);
	const char *changed = device->is.holds ? NULL : "changed since the initramfs";
	const char *remark = error ? error : changed;

	if (entry->has_address)
		printf("%-16s %-12s %-9s wanted: %s, now: %s%s%s\n", entry->rule,
		       entry->address_text, entry->state_text, wanted, now, remark ? "  <-- " : "",
		       remark ? remark : "");
	else
		printf("%-16s %-12s %-9s wanted: %s\n", entry->rule, "-", entry->state_text,
		       wanted);
	print_findings(entry_findings(entry), codes);
}

/* Those that were not used are findings. */
static void print_trial(const struct status *status)
{
	const struct recorded_trial trial = store_trial(&status->store);

	if (trial.verdict != TRIAL_TRYING)
		return;
	if (trial.awaits_confirmation)
		printf("The configuration is on trial: run `passthru confirm` within %u s of the boot, else the host reboots.\n",
		       trial.within_s);
	else
		puts("The configuration is on trial: not proven yet.");
}

static void print_text(const struct root *root, const struct status *status)
{
	const struct store_head head = store_head(&status->store);
	_cleanup_(names_free) struct names codes = { 0 };
	char name[ADDRESS_SIZE];

	printf("%s, kernel %s\n", head.program, head.kernel);
	for (size_t i = 0; i < status->count; i++)
		print_device(&status->devices[i], &codes);
	print_findings(store_iommu_findings(&status->store), &codes);
	print_findings(store_findings(&status->store), &codes);
	for (size_t i = 0; i < status->others.count; i++)
		printf("%s is bound to %s, but not by passthru.\n",
		       address_format(&status->others.items[i].address, name),
		       status->others.items[i].driver);
	cli_tell_explain(&codes, stdout);
	print_trial(status);
	printf("%zu of %zu devices OK.\n", status->good, status->count);
	if (status->is_stale)
		printf("The configuration was changed since the image of this boot was made: %s\n",
		       rebuild_command(root));
}

static void add_presence(struct store *store, const struct device_status *device)
{
	const struct observed *now = &device->is.now;

	if (now->error && !now->is_present)
		store_set_text(store, device->entry, "present", NULL);
	else
		store_set_flag(store, device->entry, "present", now->is_present);
}

/* The report itself, with what is known now added to each device. */
static void print_json(struct status *status)
{
	struct store *store = &status->store;
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < status->count; i++) {
		const struct device_status *device = &status->devices[i];

		store_set_text(store, device->entry, "driver_now", device->is.now.driver);
		add_presence(store, device);
		store_set_flag(store, device->entry, "holds", device->is.holds);
		store_set_flag(store, device->entry, "ok", device->is.is_ok);
	}
	if (status->others_error)
		store_set_text(store, NULL, "bound_by_other", NULL);
	else
		others_record(&status->others, store);
	store_set_iommu_text(store, "summary", status->iommu);
	store_set_flag(store, NULL, "stale", status->is_stale);
	store_set_flag(store, NULL, "ok", status_is_good(status));
	text = store_to_json(store);
	fputs(text, stdout);
}

static void say_no_record(const struct root *root, int error)
{
	if (error == -ENOENT)
		fprintf(stderr,
			"passthru: there is no report of this boot (/" REPORT_PATH
			"): the agent did not run in the initramfs.\n"
			"Rebuild the image (%s) and check that the agent is in it.\n",
			rebuild_command(root));
	else
		fprintf(stderr, "passthru: could not read /" REPORT_PATH ": %s\n",
			store_read_error(error));
}

static int run_status(struct call *call)
{
	const struct status_options *options = call->options;
	const struct terminal terminal = terminal_get();
	_cleanup_(status_free) struct status status;
	int r = status_read(&call->root, &status);

	if (!options->metrics && !options->json)
		iommu_print(status.iommu, &terminal);
	if (r < 0)
		say_no_record(&call->root, r);
	if (status.others_error)
		cli_error("could not read /" PCI_DRIVERS
			  ", so other devices may be bound to a stub driver",
			  status.others_error);
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
	.summary = "the report of this boot, and whether it is still true",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct status_options),
	.run = run_status,
};
