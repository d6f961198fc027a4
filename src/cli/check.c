/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru check: the plan of the agent, for this host as it will be at the next boot. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "facts/scan.h"
#include "facts/sources.h"
#include "plan/match.h"
#include "plan/plan.h"
#include "report/record.h"
#include "util/cleanup.h"

struct check {
	const struct cli_options *options;
	char *cmdline;
	struct want want;
	struct facts facts;
	struct plan plan;
	struct record record;
	bool sees_host;
};

/* Without sysfs (a chroot) there is only the configuration to check. */
static bool has_host(struct check *check)
{
	int r = scan_host(&check->options->root, &check->facts);

	if (r < 0)
		findings_add(
			&check->record.findings, FINDING_HOST_UNSEEN,
			"/sys/bus/pci/devices cannot be read (%s), so only the configuration was checked",
			strerror(-r));
	findings_move(&check->record.findings, &check->facts.findings);
	check->sees_host = r == 0;
	return check->sees_host;
}

static void make_plan(struct check *check)
{
	struct module_index *modules = module_index_open(&check->options->root);

	scan_details(&check->options->root, modules, check->cmdline, &check->facts,
		     match_is_concerned, &check->want);
	module_index_close(modules);
	cli_survey_needs(&check->options->root, check->cmdline, &check->facts,
			 &check->record.findings);
	facts_as_at_boot(&check->facts);
	plan_make(&check->want, &check->facts, &check->plan);
	check->record.plan = &check->plan;
	check->record.facts = &check->facts;
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

static void print_summary(const struct check *check)
{
	if (check->want.has_errors)
		puts("The configuration has errors: nothing would be bound.");
	else if (check->want.off)
		puts("passthru is switched off on the kernel command line.");
	else if (check->want.rule_count == 0)
		puts("Nothing is configured: no rule in /etc/passthru.conf, none on the kernel command line.");
}

static int judge(const struct check *check)
{
	if (check->want.has_errors)
		return EXIT_BAD;
	if (check->options->lenient)
		return EXIT_GOOD;
	if (check->want.rule_count && !check->want.off && !check->sees_host)
		return EXIT_BAD;
	return plan_has_errors(&check->plan) ? EXIT_BAD : EXIT_GOOD;
}

static void check_free(struct check *check)
{
	plan_free(&check->plan);
	facts_free(&check->facts);
	want_free(&check->want);
	free(check->cmdline);
	findings_free(&check->record.findings);
}

int cli_check(const struct cli_options *options)
{
	_cleanup_(check_free) struct check check = { .options = options };
	struct sources_request request = {
		.main_file = options->operands[0],
		.cmdline = options->cmdline,
		.reads_when_off = true,
	};
	int r;

	r = sources_read(&options->root, &request, &check.want, &check.cmdline,
			 check.record.config_sha256);
	if (r == -ENOENT) { /* no proc here: the files alone */
		request.cmdline = "";
		r = sources_read(&options->root, &request, &check.want, &check.cmdline,
				 check.record.config_sha256);
	}
	if (r < 0)
		return cli_error("/proc/cmdline", r);
	findings_move(&check.record.findings, &check.want.findings);
	if (check.want.rule_count && !check.want.has_errors && has_host(&check))
		make_plan(&check);
	if (options->modules) {
		print_modules(&check.plan);
	} else {
		record_each_line(&check.record, cli_print_line, NULL);
		print_summary(&check);
	}
	return judge(&check);
}
