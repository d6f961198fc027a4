/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * passthru-init, the agent: a guardian that waits for one worker. The worker goes through the whole
 * flow; should it hang or die, the guardian says so and lets the boot go on.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "agent/agent.h"
#include "agent/pid1.h"
#include "system/child.h"
#include "system/clock.h"
#include "system/fd.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEADLINE_MS       10000
#define LATE_DEADLINE_MS  60000 /* virtual functions take long, and udev waits 180 s */
#define TIME_TO_REPORT_MS 1000  /* what the worker keeps for itself at the end */
#define TIME_TO_ADD_MS    3000  /* more than another one is waited for that has the record */

static void tell_not_added(struct agent *agent, int error)
{
	_cleanup_free_ char *text =
		memory_printf("error: /" REPORT_PATH " stays as it is, it could not be read: %s",
			      strerror(-error));

	log_line(SEVERITY_ERROR, text, &agent->log);
}

struct ending {
	struct agent *agent;
	const struct record *record;
};

/* To a record that is there, the one of the end is added. Only the run at boot may begin one. */
static int add_to_record(void *context)
{
	const struct ending *ending = context;
	struct agent *agent = ending->agent;
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	int r;

	agent->progress->is_ending = true;
	r = stored_lock(&agent->root, &stored);
	if (r == 0) {
		stored_add(&stored, stored.report, &ending->record->findings);
		agent_write_stored(agent, &stored);
	} else if (r == -ENOENT && agent->work == boot_work) {
		root_unlock(stored.lock_fd);
		stored.lock_fd = -1;
		agent_write_report(agent, ending->record);
	}
	return r == -ENOENT ? 0 : r;
}

/* By a child, since there may be no memory to read it; where there can be none, all the same. */
static void record_end(struct agent *agent, const struct record *record)
{
	struct ending ending = { agent, record };
	int r = child_run(add_to_record, &ending, TIME_TO_ADD_MS, NULL);

	if (!agent->progress->is_ending)
		r = add_to_record(&ending);
	if (r < 0)
		tell_not_added(agent, r);
}

/* Say why the worker did not end as it should. */
static void tell_end(struct agent *agent, int error, int signal)
{
	struct record record = { 0 };
	const char *step =
		*agent->progress->step ? agent->progress->step : "reading configuration and host";

	if (error == -ETIMEDOUT)
		findings_add(&record.findings, FINDING_DEADLINE, "gave up after %d s, at: %s",
			     agent->limit_ms / 1000, step);
	else
		findings_add(&record.findings, FINDING_AGENT_DIED, "the worker died (%s), at: %s",
			     signal ? strsignal(signal) : strerror(-error), step);
	agent_stamp(agent, &record);
	if (!agent->dry_run)
		record_end(agent, &record);
	record_each_line(&record, log_line, &agent->log);
	findings_free(&record.findings);
}

/* The guardian would wait with it for a log that takes nothing any more. */
static int work(void *context)
{
	struct agent *agent = context;
	int status = agent->work(agent);

	agent_tell_status(agent, status);
	agent_forget(agent);
	return status;
}

static int guard(struct agent *agent)
{
	int signal = 0;
	int r = child_run(work, agent, agent->limit_ms, &signal);

	if (agent->progress->is_finished) {
		if (r < 0 && r != -ETIMEDOUT) /* it had no time to say so */
			agent_tell_status(agent, agent->progress->status);
		return agent->progress->status;
	}
	if (r >= EXIT_OK && r <= EXIT_UNKNOWN)
		return r;
	tell_end(agent, r, signal);
	agent_tell_status(agent, EXIT_UNKNOWN);
	return EXIT_UNKNOWN;
}

static bool set_late(struct agent *agent, const char *address)
{
	agent->work = late_work;
	if (address_parse(address, &agent->late) == 0)
		return true;
	fprintf(stderr, "passthru-init: '%s' is no address such as 0000:01:00.0\n", address);
	return false;
}

static const char usage[] =
	"usage: passthru-init [--root DIR] [--cmdline TEXT] [--dry-run|--heal|--verify|\n"
	"                     --late ADDRESS [--again]]\n"
	"Give the devices listed in /etc/passthru.conf to their stub driver. Runs once, in the\n"
	"initramfs, before any module is loaded; see passthru-init(8).\n"
	"\n"
	"  --root DIR      look at the host below DIR instead of /; no module is loaded then\n"
	"  --cmdline TEXT  use TEXT instead of /proc/cmdline\n"
	"  --dry-run       decide and say so, but touch nothing\n"
	"  --heal          the root file system is not there yet: give back what may be in its way,\n"
	"                  once root-grace is over; for the hooks of the initramfs\n"
	"  --verify        in the running system: complete what lacked its driver, and see that all\n"
	"                  is as it was recorded; for passthru-verify.service\n"
	"  --late ADDRESS  this device has come, or has got its driver: see to it; for udev\n"
	"  --again         only if it is not on record\n"
	"  --version       print the version\n"
	"  --help          print this\n";

/* Returns -1 to go on, or the exit status. */
static int parse_arguments(struct agent *agent, int argc, char **argv, const char **ret_root)
{
	static const struct option options[] = {
		{ "root", required_argument, NULL, 'r' },
		{ "cmdline", required_argument, NULL, 'c' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "heal", no_argument, NULL, 'H' },
		{ "verify", no_argument, NULL, 'v' },
		{ "late", required_argument, NULL, 'l' },
		{ "again", no_argument, NULL, 'a' },
		{ "version", no_argument, NULL, 'V' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	const char *late = NULL;

	for (int c; (c = getopt_long(argc, argv, "", options, NULL)) >= 0;) {
		if (c == 'r')
			*ret_root = optarg;
		else if (c == 'c')
			agent->cmdline = optarg;
		else if (c == 'n')
			agent->dry_run = true;
		else if (c == 'H')
			agent->work = heal_work;
		else if (c == 'v')
			agent->work = verify_work;
		else if (c == 'a')
			agent->is_again = true;
		else if (c == 'l')
			late = optarg;
		else if (c == 'V')
			return puts("passthru-init " PASSTHRU_VERSION), EXIT_OK;
		else if (c == 'h')
			return fputs(usage, stdout), EXIT_OK;
		else
			return fputs(usage, stderr), EXIT_USAGE;
	}
	if (late && !set_late(agent, late))
		return EXIT_USAGE;
	if (agent->dry_run && agent->work != boot_work) {
		fputs("passthru-init: --dry-run is for the run at boot\n", stderr);
		return EXIT_USAGE;
	}
	if (optind < argc) {
		fprintf(stderr, "passthru-init: unexpected argument '%s'\n%s", argv[optind], usage);
		return EXIT_USAGE;
	}
	return -1;
}

static int run_below_root(struct agent *agent)
{
	struct utsname kernel;

	agent->log = (struct log){ &agent->root, !agent->dry_run && !agent->root.is_confined };
	agent->deadline_ms = agent->started_us / 1000 + agent->limit_ms - TIME_TO_REPORT_MS;
	if (uname(&kernel) == 0)
		strcpy(agent->kernel, kernel.release);
	agent->progress = child_share(sizeof(*agent->progress));
	if (!agent->progress) {
		log_line(SEVERITY_ERROR, "error: out of memory", &agent->log);
		agent_tell_status(agent, EXIT_UNKNOWN);
		return EXIT_UNKNOWN;
	}
	return guard(agent);
}

int agent_run(struct agent *agent, const char *root)
{
	int r;

	/* Where no file may grow (RLIMIT_FSIZE), writes are to fail, and that is to be told. */
	signal(SIGXFSZ, SIG_IGN);
	agent->started_us = clock_us();
	agent->limit_ms = agent->work == late_work ? LATE_DEADLINE_MS : DEADLINE_MS;
	agent->image.fd = -1;
	r = root_open(root, &agent->root);
	if (r < 0) {
		fprintf(stderr, "passthru-init: %s: %s\n", root, strerror(-r));
		return EXIT_UNKNOWN;
	}
	r = run_below_root(agent);
	root_close(&agent->root);
	return r;
}

int main(int argc, char **argv)
{
	struct agent agent = { .work = boot_work };
	const char *root = "/";
	int r;

	open_standard_files();
	if (getpid() == 1)
		return pid1_run(argv);
	r = parse_arguments(&agent, argc, argv, &root);
	if (r == EXIT_USAGE && strcmp(root, "/") == 0)
		agent_tell_usage(argv);
	return r < 0 ? agent_run(&agent, root) : r;
}
