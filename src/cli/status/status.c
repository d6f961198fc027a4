/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru status: what the agent's record says, and whether sysfs still agrees. */
#include <errno.h>
#include <stdio.h>

#include "cli/account.h"
#include "cli/command.h"
#include "cli/iommu.h"
#include "cli/message.h"
#include "cli/rebuild.h"
#include "cli/status/comparison.h"
#include "cli/status/metrics.h"
#include "report/exit_status.h"
#include "report/others.h"
#include "report/trial.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct status_options {
	bool json, metrics;
};

/* "vfio-pci"; a physical function gets virtual ones and no other driver. */
static char *wanted_text(const struct recorded *recorded)
{
	if (recorded->vfs)
		return memory_printf("%u VFs (keeps its driver)", recorded->vfs);
	return memory_printf("%s", recorded->driver);
}

static char *device_line(const struct device_status *device)
{
	const struct entry *entry = device->entry;
	const struct recorded recorded = entry_recorded(entry);
	_cleanup_free_ char *wanted = wanted_text(&recorded);
	_cleanup_free_ char *now = observed_text(&device->is.now, &recorded);
	_cleanup_free_ char *error = observed_error(&device->is.now);
	const char *changed = device->is.holds ? NULL : "changed since the initramfs";
	const char *remark = error ? error : changed ? changed : device->is.settings;

	if (!entry->has_address)
		return memory_printf("%-16s %-12s %-9s wanted: %s", entry->rule, "-",
				     entry->state_text, wanted);
	return memory_printf("%-16s %-12s %-9s wanted: %s, now: %s%s%s", entry->rule,
			     entry->address_text, entry->state_text, wanted, now,
			     remark ? "  <-- " : "", remark ? remark : "");
}

static void add_device(struct account *account, const struct device_status *device)
{
	enum severity of_line = device->is.is_ok ? SEVERITY_INFO : SEVERITY_WARNING;
	struct account_part *part = account_add(account, device_line(device), of_line);

	account_add_recorded(account, part, entry_findings(device->entry));
}

/* Those that were not used are findings. */
static void print_trial(const struct status *status)
{
	const struct recorded_trial trial = store_trial(&status->store);

	if (trial.verdict == TRIAL_PROVEN)
		puts("The configuration of this boot is proven.");
	if (trial.verdict != TRIAL_TRYING)
		return;
	if (trial.awaits_confirmation)
		printf("The configuration is on trial: run `passthru confirm` within %u s of the boot, else the host reboots.\n",
		       trial.within_s);
	else
		puts("The configuration is on trial: not proven yet.");
}

static char *outcome(const struct status *status)
{
	return status->count ? memory_printf("%zu of %zu devices OK", status->good, status->count)
			     : memory_dup("No device was configured at this boot");
}

/* `passthru assign` may bring it where it is to be: nothing was found that speaks against it. */
static bool can_be_assigned(const struct device_status *device, const struct account_part *part)
{
	const struct entry *entry = device->entry;
	const struct observed *now = &device->is.now;

	return !device->is.is_ok && part->severity < SEVERITY_ERROR && now->is_present &&
	       !now->error && !entry->vfs && entry->state != STATE_WAITING;
}

/* "passthru assign ADDRESS..."; NULL where that helps with no device. */
static char *how_to_assign(const struct status *status, const struct account *account)
{
	_cleanup_(buffer_free) struct buffer command = { 0 };

	for (size_t i = 0; i < status->count; i++) {
		if (can_be_assigned(&status->devices[i], &account->devices[i]))
			buffer_printf(&command, " %s", status->devices[i].entry->address_text);
	}
	return command.length ? memory_printf("passthru assign%s", command.text) : NULL;
}

static char *find_next_step(const struct root *root, const struct status *status,
			    const struct account *account)
{
	const struct recorded_trial trial = store_trial(&status->store);

	if (status->is_stale)
		return memory_printf("%s, then reboot", rebuild_command(root));
	if (account->severities[SEVERITY_ERROR])
		return memory_dup("fix the errors");
	if (trial.verdict == TRIAL_TRYING && trial.awaits_confirmation)
		return memory_dup("passthru confirm");
	return how_to_assign(status, account);
}

static void print_text(const struct root *root, const struct status *status)
{
	const struct store_head head = store_head(&status->store);
	_cleanup_(account_free) struct account account = { 0 };
	_cleanup_free_ char *what = outcome(status), *next = NULL;
	char name[ADDRESS_SIZE];

	printf("%s, kernel %s\n", head.program, head.kernel);
	for (size_t i = 0; i < status->count; i++)
		add_device(&account, &status->devices[i]);
	account_add_recorded(&account, &account.rest, store_iommu_findings(&status->store));
	account_add_recorded(&account, &account.rest, store_findings(&status->store));
	account_print(&account);
	for (size_t i = 0; i < status->others.count; i++)
		printf("%s is bound to %s, but not by passthru.\n",
		       address_format(&status->others.items[i].address, name),
		       status->others.items[i].driver);
	print_trial(status);
	if (status->is_stale)
		puts("The configuration was changed since the image of this boot was made.");
	next = find_next_step(root, status, &account);
	account_print_sum(&account, what, next);
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
		store_set_text(store, device->entry, "settings_changed", device->is.settings);
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
