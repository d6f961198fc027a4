/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru check: the plan of the agent, for this host as it will be at the next boot. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/host.h"
#include "plan/match.h"
#include "report/record.h"
#include "util/cleanup.h"

struct check {
	const struct cli_options *options;
	struct host host;
	struct record record;
	bool sees_host;
};

/* Without sysfs (a chroot) there is only the configuration to check. */
static void look_at_host(struct check *check)
{
	int r = host_scan(&check->host, match_is_concerned, &check->host.want);

	if (r < 0) {
		findings_add(
			&check->record.findings, FINDING_HOST_UNSEEN,
			"/sys/bus/pci/devices cannot be read (%s), so only the configuration was checked",
			strerror(-r));
		return;
	}
	check->sees_host = true;
	findings_move(&check->record.findings, &check->host.facts.findings);
	host_survey(&check->host, &check->record.findings);
	host_plan(&check->host);
	check->record.plan = &check->host.plan;
	check->record.facts = &check->host.facts;
}

static void print_modules(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].verdict == VERDICT_TAKE)
			printf("%s\n", plan->decisions[i].module);
	}
}

/* The plan will not be carried out as the user wrote it. */
static bool plan_has_errors(const struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		if (findings_severity(&plan->decisions[i].findings) == SEVERITY_ERROR)
			return true;
	}
	return false;
}

static void print_summary(const struct want *want)
{
	if (want->has_errors)
		puts("The configuration has errors: nothing would be bound.");
	else if (want->off)
		puts("passthru is switched off on the kernel command line.");
	else if (want->rule_count == 0)
		puts("Nothing is configured: no rule in /etc/passthru.conf, none on the kernel command line.");
}

static int judge(const struct check *check)
{
	const struct want *want = &check->host.want;

	if (want->has_errors)
		return EXIT_BAD;
	if (check->options->lenient)
		return EXIT_GOOD;
	if (want->rule_count && !want->off && !check->sees_host)
		return EXIT_BAD;
	return plan_has_errors(&check->host.plan) ? EXIT_BAD : EXIT_GOOD;
}

static void check_free(struct check *check)
{
	host_free(&check->host);
	findings_free(&check->record.findings);
}

int cli_check(const struct cli_options *options)
{
	_cleanup_(check_free) struct check check = { .options = options };
	const struct want *want = &check.host.want;
	int r = host_read(&check.host, &options->root, options->operands[0], options->cmdline);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	findings_move(&check.record.findings, &check.host.want.findings);
	if (want->rule_count && !want->has_errors)
		look_at_host(&check);
	if (options->modules) {
		print_modules(&check.host.plan);
	} else {
		record_each_line(&check.record, cli_print_line, NULL);
		print_summary(want);
	}
	return judge(&check);
}
