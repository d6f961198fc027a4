/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru check: the plan of the agent, for this host as it will be at the next boot. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/account.h"
#include "cli/command.h"
#include "cli/fleet/fleet.h"
#include "cli/image/contents.h"
#include "cli/image/inspect.h"
#include "cli/iommu.h"
#include "cli/message.h"
#include "cli/next_boot.h"
#include "cli/next_step.h"
#include "cli/outlook.h"
#include "cli/owners.h"
#include "cli/since_boot.h"
#include "cli/terminal.h"
#include "facts/iommu_summary.h"
#include "report/exit_status.h"
#include "report/others.h"
#include "report/record.h"
#include "report/record_json.h"
#include "session/session.h"
#include "system/installed.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct check_options {
	const char *cmdline, *image;
	bool lenient, modules, files, json, hosts;
};

struct check {
	struct call *call;
	const struct check_options *options;
	struct session session;
	struct utsname system;
	bool image_is_whole;
	bool image_needs_option; /* to be started */
	const char *trial;       /* the outlook; or NULL */
	char *iommu;             /* iommu_summary(); NULL where it was not asked for */
	struct store store;      /* the report of this boot; without ->report: none, or not read */
};

/* The device, if no rule takes it; else it does not matter who has bound it. NULL if it is gone. */
static const struct pci_device *find_untaken(const struct check *check,
					     const struct held_device *held)
{
	const struct facts *facts = &check->session.facts;
	long index = facts_find(facts, &held->address);
	const struct pci_device *device = index >= 0 ? &facts->devices[index] : NULL;
	const struct decision *decision = NULL;

	if (device && check->session.plan.of_device)
		decision = plan_find(&check->session.plan, device);
	return decision && decision->verdict != VERDICT_REFUSE ? NULL : device;
}

static void tell_other(struct check *check, const struct held_device *held)
{
	const struct pci_device *device = find_untaken(check, held);
	char name[ADDRESS_SIZE];

	if (!device)
		return;
	findings_add(&check->session.findings, FINDING_BOUND_BY_OTHER,
		     "%s [%04x:%04x] is bound to %s now, but not by passthru, and no rule takes it",
		     address_format(&held->address, name), device->vendor, device->device,
		     held->driver);
}

/* Nobody is blamed for what passthru may have bound itself. */
static void tell_unknown(struct check *check, const struct held *held, int error)
{
	size_t i = 0;

	while (i < held->count && !find_untaken(check, &held->items[i]))
		i++;
	if (i < held->count)
		findings_add(&check->session.findings, FINDING_UNREADABLE,
			     "could not read /" REPORT_PATH ": %s; " OTHERS_UNKNOWN,
			     store_read_error(error));
}

static void tell_others(struct check *check)
{
	_cleanup_(held_free) struct held held = { 0 };
	struct store *store = &check->store;
	int report_error = store_read(&check->call->root, store);
	int r = held_read(&check->call->root, &held);

	if (r < 0 && r != -ENOENT)
		findings_add(&check->session.findings, FINDING_UNREADABLE,
			     "could not read /sys/bus/pci/drivers: %s", strerror(-r));
	if (report_error < 0 && report_error != -ENOENT) {
		tell_unknown(check, &held, report_error);
		return;
	}
	if (report_error == 0)
		since_boot_tell(store, &check->session);
	others_keep(&held, store);
	for (size_t i = 0; i < held.count; i++)
		tell_other(check, &held.items[i]);
}

static void look_at_host(struct check *check)
{
	struct session *session = &check->session;
	int r = next_boot_plan(session);

	if (r == 0)
		tell_others(check);
	check->iommu = r < 0 ? memory_printf("unknown: could not read /sys/bus/pci/devices: %s",
					     strerror(-r))
			     : iommu_summary(&session->facts);
}

/* Where no rule asks for an IOMMU, its findings are no fault; the summary has them. */
static void look_at_iommu(struct check *check)
{
	if (check->options->modules || check->options->files) {
		session_scan(&check->session);
		return;
	}
	check->iommu = iommu_look(&check->session);
	findings_free(&check->session.facts.iommu_findings);
}

/* Where nothing is configured, devices may be bound to a stub driver all the same. */
static void look(struct check *check)
{
	struct session *session = &check->session;
	const struct want *want = &session->want;

	if (!want->has_errors && (want->rule_count || want_has_natives(want))) {
		look_at_host(check);
		return;
	}
	look_at_iommu(check);
	if (want->has_errors || !session->is_scanned)
		return;
	findings_move(&session->findings, &session->facts.findings);
	tell_others(check);
}

static void print_modules(const struct session *session)
{
	_cleanup_(names_free) struct names names = { 0 };

	contents_list_modules(session, &names);
	for (size_t i = 0; i < names.count; i++)
		puts(names.items[i]);
}

static int print_file(const char *path, bool is_file, void *context)
{
	(void)context;
	if (is_file)
		printf("/%s\n", path);
	return 0;
}

/* A directory that cannot be read is a finding: it has the configuration, or options of modules. */
static void print_files(const struct root *root)
{
	puts(AGENT_PATH);
	contents_each_file(root, print_file, NULL);
}

static void print_json(const struct record *record)
{
	_cleanup_free_ char *text = record_to_json(record);

	fputs(text, stdout);
}

/* What the plan comes to, for the last line. */
static char *outcome(const struct check *check)
{
	const struct want *want = &check->session.want;

	if (want->has_errors || want->off)
		return memory_dup("No device would be assigned");
	if (want->rule_count == 0)
		return memory_dup("Nothing to do");
	if (!check->session.is_scanned)
		return memory_printf("%zu rule%s, not compared with any host", want->rule_count,
				     want->rule_count == 1 ? "" : "s");
	return account_outcome(&check->session.plan);
}

/* What is checked is what this host has configured, and not what somebody may write there. */
static bool is_of_host(const struct check *check)
{
	const struct check_options *options = check->options;

	return !check->call->operands[0] && !options->cmdline && !options->lenient;
}

static char *find_next_step(struct check *check, const struct account *account)
{
	const struct session *session = &check->session;

	if (session->want.has_errors)
		return memory_dup("correct the configuration, then run `passthru check` again");
	if (!is_of_host(check) || session->want.off || !session->want.rule_count ||
	    !session->is_scanned)
		return NULL;
	if (account->severities[SEVERITY_ERROR])
		return memory_dup("fix the errors, then run `passthru check` again");
	if (check->options->image)
		return check->image_is_whole ? memory_dup("boot this image") : NULL;
	return next_step(&check->call->root, &check->store, &session->plan);
}

static void print_remarks(const struct check *check)
{
	const struct want *want = &check->session.want;
	const char *file = check->call->operands[0];

	if (want->off)
		puts("passthru is disabled on the kernel command line.");
	else if (want->rule_count == 0 && !want->has_errors)
		printf("No rule in %s, credentials, modprobe.d or on the kernel command line.\n",
		       file ? file : "/etc/passthru.conf");
	if (check->trial) {
		_cleanup_free_ char *hang = outlook_of_hang(&check->call->root);

		printf("%s\n%s\n", check->trial, hang);
	}
	if (check->image_is_whole)
		printf("Nothing is missing in %s.\n", check->options->image);
	if (check->image_needs_option)
		puts("It starts with rdinit=/passthru-init on the kernel command line, and not without.");
}

static int look_into_image(struct check *check)
{
	const struct findings *findings = &check->session.findings;
	size_t before = findings->count;
	int r;

	if (!check->options->image)
		return 0;
	r = image_check(check->call, check->options->image, &check->session);
	check->image_is_whole = findings->count == before;
	check->image_needs_option = r > 0;
	return r;
}

static void check_free(struct check *check)
{
	free(check->iommu);
	store_close(&check->store);
	session_free(&check->session);
}

static void print_text(struct check *check, const struct record *record)
{
	const struct terminal terminal = terminal_get();
	_cleanup_(account_free) struct account account = { 0 };
	_cleanup_free_ char *what = outcome(check), *next = NULL;

	account_add_record(&account, record, NULL);
	next = find_next_step(check, &account);
	iommu_print(check->iommu, &terminal);
	account_print(&account);
	print_remarks(check);
	account_print_sum(&account, what, next);
}

static void print(struct check *check)
{
	const struct record record =
		account_of(&check->session, check->system.release, check->iommu);

	if (check->options->modules) {
		print_modules(&check->session);
	} else if (check->options->files) {
		print_files(&check->call->root);
	} else if (check->options->json) {
		print_json(&record);
	} else {
		print_text(check, &record);
	}
}

/* The operands are hosts; what is about this one cannot be asked for. */
static int check_hosts(struct call *call, const struct check_options *options)
{
	const struct fleet_options of_fleet = { options->cmdline, options->lenient, options->json };

	if (options->modules || options->files || options->image)
		return cli_usage_error(call, "--host and --%s exclude each other",
				       options->image     ? "image"
				       : options->modules ? "modules"
							  : "files");
	if (!call->operand_count)
		return cli_usage_error(call, "missing argument: FILE, a host of passthru record");
	return fleet_check(call, &of_fleet);
}

static int run_check(struct call *call)
{
	const struct check_options *options = call->options;
	_cleanup_(check_free) struct check check = { .call = call,
						     .options = options,
						     .store.lock_fd = -1 };
	struct session *session = &check.session;
	struct want *want = &session->want;
	const struct session_input input = {
		.root = &call->root,
		.cmdline = options->cmdline,
		.find_owners = owners_find,
		.open_modules = kmod_open,
	};
	int r;

	if (options->hosts)
		return check_hosts(call, options);
	if (call->operand_count > 1)
		return cli_usage_error(call, "unexpected argument '%s'", call->operands[1]);
	r = session_read_next_boot(session, &input, call->operands[0]);
	if (r < 0) {
		call->status = EXIT_ERRORS;
		return cli_error("/proc/cmdline", r);
	}
	findings_move(&session->findings, &want->findings);
	uname(&check.system);
	look(&check);
	if (!call->operands[0] && !options->lenient)
		check.trial = outlook_of_trial(&call->root, want, &session->findings);
	r = look_into_image(&check);
	if (r < 0)
		return r;
	print(&check);
	call->status = next_boot_status(session, options->lenient);
	return 0;
}

static const struct command_option accepted[] = {
	{ .name = "cmdline",
	  .argument = "TEXT",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct check_options, cmdline),
	  .meaning = "use TEXT as the kernel command line" },
	{ .name = "lenient",
	  .offset = offsetof(struct check_options, lenient),
	  .meaning = "fail for configuration errors only" },
	{ .name = "modules",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct check_options, modules),
	  .meaning = "print the modules that an image needs, and nothing else" },
	{ .name = "files",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct check_options, files),
	  .meaning = "print the files that an image needs, and nothing else" },
	OPTION_JSON(struct check_options),
	{ .name = "host",
	  .offset = offsetof(struct check_options, hosts),
	  .meaning = "plan for each host FILE, as `passthru record` prints it" },
	{ .name = "image",
	  .argument = "FILE",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct check_options, image),
	  .meaning = "also check the finished initramfs or unified kernel image FILE" },
};

const struct command check_command = {
	.name = "check",
	.operands = "[FILE]...",
	.operand_max = SIZE_MAX,
	.summary = "what the configuration will do at the next boot",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct check_options),
	.run = run_check,
};
