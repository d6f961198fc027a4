/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passthru-init, the agent: a guardian that waits for one worker. The worker goes through the whole
 * flow; should it hang or die, the guardian says so and lets the boot go on.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/utsname.h>

#include "apply/apply.h"
#include "facts/console.h"
#include "facts/needs_record.h"
#include "facts/scan.h"
#include "plan/match.h"
#include "report/log.h"
#include "report/record.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEADLINE_MS       10000
#define TIME_TO_REPORT_MS 1000 /* what the worker keeps for itself at the end */

enum exit_status {
	EXIT_AS_WANTED = 0,
	EXIT_NOT_AS_WANTED = 1,
	EXIT_BAD_CONFIGURATION = 2,
	EXIT_ENVIRONMENT = 3,
	EXIT_USAGE = 64,
};

struct agent {
	struct root root;
	struct log log;
	bool dry_run;
	const char *cmdline;
	int64_t started_us;
	char kernel[sizeof(((struct utsname *)0)->release)];
	struct progress *progress; /* shared between guardian and worker */
};

/* All that one run comes to know and decide. */
struct run {
	struct agent *agent;
	char *cmdline;
	struct want want;
	struct facts facts;
	struct plan plan;
	struct record record;
};

static void write_report(struct agent *agent, const struct record *record)
{
	_cleanup_free_ char *json = record_to_json(record);
	int r = root_replace_file(&agent->root, REPORT_DIRECTORY, REPORT_NAME, json);
	_cleanup_free_ char *text = NULL;

	if (r == 0)
		return;
	text = memory_printf("error: /" REPORT_PATH " could not be written: %s", strerror(-r));
	log_line(SEVERITY_ERROR, text, &agent->log);
}

static void stamp(struct agent *agent, struct record *record)
{
	record->program = "passthru-init " PASSTHRU_VERSION;
	record->kernel = agent->kernel;
	record->duration_us = clock_us() - agent->started_us;
}

/* The file first: a console can be slow, and whoever waits for us may lose patience. */
static void publish(struct agent *agent, struct record *record)
{
	stamp(agent, record);
	if (!agent->dry_run)
		write_report(agent, record);
	agent->progress->is_finished = true;
	record_each_line(record, log_line, &agent->log);
}

/* Should the worker not come to its end, there is a record of what it was about to do. */
static void record_plan(struct run *run)
{
	struct record record = run->record;

	stamp(run->agent, &record);
	record.findings = (struct findings){ 0 };
	findings_add(&record.findings, FINDING_UNFINISHED,
		     "this was written before the devices were touched, and nothing since");
	write_report(run->agent, &record);
	run->agent->progress->is_recorded = true;
	findings_free(&record.findings);
}

static void decide_and_act(struct run *run)
{
	struct agent *agent = run->agent;
	struct module_index *modules = module_index_open(&agent->root);
	struct apply apply = {
		.root = &agent->root,
		.modules = agent->root.is_confined ? NULL : modules,
		.deadline_ms = agent->started_us / 1000 + DEADLINE_MS - TIME_TO_REPORT_MS,
		.progress = agent->progress,
	};

	scan_details(&agent->root, modules, run->cmdline, &run->facts, match_is_concerned,
		     &run->want);
	plan_make(&run->want, &run->facts, &run->plan);
	if (!agent->dry_run) {
		record_plan(run);
		apply_plan(&apply, &run->plan);
	}
	module_index_close(modules);
}

/* There are rules. */
static int take_devices(struct run *run)
{
	struct record *record = &run->record;
	int r = scan_host(&run->agent->root, &run->facts);

	if (r < 0) {
		findings_add(&record->findings, FINDING_NO_SYSFS,
			     "/sys/bus/pci/devices cannot be read: %s", strerror(-r));
		return EXIT_ENVIRONMENT;
	}
	needs_record_read(&run->agent->root, &run->facts);
	console_survey(&run->agent->root, &run->facts, &run->facts.needs);
	findings_move(&record->findings, &run->facts.findings);
	record->facts = &run->facts;
	record->plan = &run->plan;
	decide_and_act(run);
	return run->agent->dry_run || record_is_good(record) ? EXIT_AS_WANTED : EXIT_NOT_AS_WANTED;
}

static int follow_want(struct run *run)
{
	struct findings *findings = &run->record.findings;

	findings_move(findings, &run->want.findings);
	if (run->want.off) {
		findings_add(findings, FINDING_OFF,
			     "switched off on the kernel command line, nothing is touched");
		return EXIT_AS_WANTED;
	}
	if (run->want.has_errors)
		return EXIT_BAD_CONFIGURATION;
	if (run->want.rule_count)
		return take_devices(run);
	findings_add(
		findings, FINDING_NOTHING_CONFIGURED,
		"no rule in /etc/passthru.conf and none on the kernel command line, nothing is touched");
	return EXIT_AS_WANTED;
}

static int work(void *context)
{
	struct run run = { .agent = context };
	const struct sources_request request = { .cmdline = run.agent->cmdline };
	int r = sources_read(&run.agent->root, &request, &run.want, &run.cmdline,
			     run.record.config_sha256);

	if (r < 0) {
		findings_add(&run.record.findings, FINDING_NO_PROC,
			     "/proc/cmdline cannot be read (%s), so nothing is touched",
			     strerror(-r));
		r = EXIT_ENVIRONMENT;
	} else {
		r = follow_want(&run);
	}
	run.agent->progress->status = r;
	publish(run.agent, &run.record);
	plan_free(&run.plan);
	facts_free(&run.facts);
	want_free(&run.want);
	free(run.cmdline);
	findings_free(&run.record.findings);
	return r;
}

/* Say why the worker did not end as it should; nothing of what it recorded is touched. */
static void tell_end(struct agent *agent, int error, int signal)
{
	struct record record = { 0 };
	const char *step =
		*agent->progress->step ? agent->progress->step : "reading configuration and host";

	if (error == -ETIMEDOUT)
		findings_add(&record.findings, FINDING_DEADLINE, "gave up after %d s, at: %s",
			     DEADLINE_MS / 1000, step);
	else
		findings_add(&record.findings, FINDING_AGENT_DIED, "the worker died (%s), at: %s",
			     signal ? strsignal(signal) : strerror(-error), step);
	stamp(agent, &record);
	if (!agent->progress->is_recorded && !agent->dry_run)
		write_report(agent, &record);
	record_each_line(&record, log_line, &agent->log);
	findings_free(&record.findings);
}

static int guard(struct agent *agent)
{
	int signal = 0;
	int r = child_run(work, agent, DEADLINE_MS, &signal);

	if (agent->progress->is_finished)
		return agent->progress->status;
	if (r >= EXIT_AS_WANTED && r <= EXIT_ENVIRONMENT)
		return r;
	tell_end(agent, r, signal);
	return EXIT_ENVIRONMENT;
}

static const char usage[] =
	"usage: passthru-init [--root DIR] [--cmdline TEXT] [--dry-run]\n"
	"Give the devices listed in /etc/passthru.conf to their stub driver. Runs once, in the\n"
	"initramfs, before any module is loaded; see passthru-init(8).\n"
	"\n"
	"  --root DIR      look at the host below DIR instead of /; no module is loaded then\n"
	"  --cmdline TEXT  use TEXT instead of /proc/cmdline\n"
	"  --dry-run       decide and say so, but touch nothing\n"
	"  --version       print the version\n"
	"  --help          print this\n";

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct agent *agent, int argc, char **argv, const char **ret_root)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "cmdline", required_argument, NULL, 'c' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
		if (c == 'r')
			*ret_root = optarg;
		else if (c == 'c')
			agent->cmdline = optarg;
		else if (c == 'n')
			agent->dry_run = true;
		else if (c == 'V')
			return puts("passthru-init " PASSTHRU_VERSION), EXIT_AS_WANTED;
		else if (c == 'h')
			return fputs(usage, stdout), EXIT_AS_WANTED;
		else
			return fputs(usage, stderr), EXIT_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "passthru-init: unexpected argument '%s'\n%s", argv[optind], usage);
		return EXIT_USAGE;
	}
	return -1;
}

int main(int argc, char **argv)
{
	struct agent agent = { .root.fd = -1, .started_us = clock_us() };
	const char *root = "/";
	struct utsname kernel;
	int r;

	open_standard_files();
	r = parse_arguments(&agent, argc, argv, &root);
	if (r >= 0)
		return r;
	r = root_open(root, &agent.root);
	if (r < 0) {
		fprintf(stderr, "passthru-init: %s: %s\n", root, strerror(-r));
		return EXIT_ENVIRONMENT;
	}
	agent.log = (struct log){ &agent.root, !agent.dry_run && !agent.root.is_confined };
	if (uname(&kernel) == 0)
		strcpy(agent.kernel, kernel.release);
	agent.progress = mmap(NULL, sizeof(*agent.progress), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (agent.progress == MAP_FAILED) {
		fputs("passthru-init: out of memory\n", stderr);
		return EXIT_ENVIRONMENT;
	}
	r = guard(&agent);
	root_close(&agent.root);
	return r;
}
