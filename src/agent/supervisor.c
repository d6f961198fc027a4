/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "system/child.h"
#include "system/clock.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define TIME_TO_ADD_MS 3000 /* more than another one is waited for that has the record */

static void tell_not_added(struct agent *agent, int error)
{
	_cleanup_free_ char *text = memory_printf("error: could not update /" REPORT_PATH ": %s",
						  store_read_error(error));

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
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	int r;

	agent->progress->is_ending = true;
	r = store_lock(&agent->root, &store);
	if (r == 0) {
		store_add(&store, NULL, &ending->record->findings);
		agent_write_changed(agent, &store);
	} else if (r == -ENOENT && agent->mode->begins_report) {
		root_unlock(store.lock_fd);
		store.lock_fd = -1;
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
		findings_add(&record.findings, FINDING_DEADLINE, "gave up after %d s at: %s",
			     agent->mode->limit_ms / 1000, step);
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
	int status = agent->mode->run(agent);

	agent->progress->status = status;
	agent->progress->is_finished = true;
	agent_tell_status(agent, status);
	agent_forget(agent);
	return status;
}

static int guard(struct agent *agent)
{
	int signal = 0;
	int r = child_run(work, agent, agent->mode->limit_ms, &signal);

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

static int run_below_root(struct agent *agent)
{
	struct utsname kernel;
	int status;

	agent->log = (struct log){
		.root = &agent->root,
		.to_kernel = !agent->dry_run && !agent->root.is_confined,
	};
	agent->deadline_ms = agent->started_us / 1000 + agent->mode->limit_ms - TIME_TO_RETURN_MS -
			     TIME_TO_REPORT_MS;
	if (uname(&kernel) == 0)
		strcpy(agent->kernel, kernel.release);
	agent->progress = child_share(sizeof(*agent->progress));
	if (!agent->progress) {
		log_line(SEVERITY_ERROR, "error: out of memory", &agent->log);
		agent_tell_status(agent, EXIT_UNKNOWN);
		return EXIT_UNKNOWN;
	}
	status = guard(agent);
	child_unshare(agent->progress, sizeof(*agent->progress));
	return status;
}

int agent_run(struct agent *agent, const char *root)
{
	int r;

	/* Where no file may grow (RLIMIT_FSIZE), writes are to fail, and that is to be told. */
	signal(SIGXFSZ, SIG_IGN);
	agent->started_us = clock_us();
	agent->image.fd = agent->proven.fd = -1;
	r = root_open(root, &agent->root);
	if (r < 0) {
		fprintf(stderr, "passthru-init: %s: %s\n", root, strerror(-r));
		return EXIT_UNKNOWN;
	}
	r = run_below_root(agent);
	log_end(&agent->log);
	root_close(&agent->root);
	return r;
}
