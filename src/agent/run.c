/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow up to the decision, as every work of the agent begins. */
#include <stdlib.h>
#include <string.h>

#include "agent/agent.h"
#include "plan/match.h"
#include "plan/plan.h"
#include "probe/needs/console.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "session/needs_record.h"
#include "session/sources.h"
#include "system/clock.h"
#include "system/file.h"
#include "system/lock.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define PATIENCE_MS     1000
#define ROOM            4096 /* bytes of the report that its devices do not account for */
#define ROOM_FOR_DEVICE 2048

static const struct root *image_of(const struct agent *agent)
{
	return agent->image.fd >= 0 ? &agent->image : &agent->root;
}

int run_read(struct run *run)
{
	const struct agent *agent = run->agent;
	struct sources_request request = { 0 };
	_cleanup_free_ char *cmdline = NULL;
	int r = sources_read_cmdline(&agent->root, agent->cmdline, &cmdline);

	if (r < 0)
		return r;
	request.cmdline = cmdline;
	request.sink = kept_add;
	request.sink_context = &run->kept;
	run->record.config_sha256 = run->want.sha256;
	run->record.options_sha256 = run->want.options_sha256;
	return sources_read(image_of(agent), &request, &run->want, &run->cmdline);
}

int run_scan(struct run *run)
{
	const struct root *root = &run->agent->root;
	int r = scan_host(root, &run->facts);

	if (r < 0)
		return r;
	needs_record_read(root, image_of(run->agent), &run->facts, kept_add, &run->kept);
	console_survey(root, &run->facts, &run->facts.needs);
	findings_move(&run->record.findings, &run->facts.findings);
	run->record.facts = &run->facts;
	run->record.plan = &run->plan;
	return 0;
}

int run_begin(struct run *run)
{
	struct findings *findings = &run->record.findings;
	int status = -1, r = run_read(run);

	if (r < 0) {
		findings_add(findings, FINDING_NO_PROC, "could not read /proc/cmdline: %s",
			     strerror(-r));
		status = EXIT_ENVIRONMENT;
	} else if (run->want.off) {
		status = EXIT_AS_WANTED;
	} else if (run->want.has_errors) {
		findings_move(findings, &run->want.findings);
		status = EXIT_BAD_CONFIGURATION;
	} else if ((r = run_scan(run)) < 0) {
		findings_add(findings, FINDING_NO_SYSFS, "could not read /sys/bus/pci/devices: %s",
			     strerror(-r));
		status = EXIT_ENVIRONMENT;
	}
	if (status > EXIT_AS_WANTED)
		record_each_line(&run->record, log_line, &run->agent->log);
	return status;
}

void run_tell_unread(struct run *run)
{
	const struct findings *findings = &run->record.findings;

	for (size_t i = 0; i < findings->count; i++) {
		struct record record = { .findings = { &findings->items[i], 1 } };

		if (findings->items[i].code == FINDING_UNREADABLE)
			record_each_line(&record, log_line, &run->agent->log);
	}
}

void run_decide(struct run *run)
{
	_cleanup_(matcher_free) struct matcher matcher;

	if (want_has_functions(&run->want))
		functions_survey(&run->agent->root, &run->facts);
	run->modules = module_index_open(&run->agent->root);
	matcher_make(&run->want, &matcher);
	scan_details(&run->agent->root, run->modules, run->cmdline, &run->facts, match_is_concerned,
		     &matcher);
	plan_make(&run->want, &run->facts, &run->plan);
}

int run_renew(struct run *run)
{
	int r;

	module_index_close(run->modules);
	run->modules = NULL;
	plan_free(&run->plan);
	facts_free(&run->facts);
	r = run_scan(run);
	if (r == 0)
		run_decide(run);
	return r;
}

void run_keep(struct run *run,
	      bool (*concerns)(const struct decision *decision, const void *context),
	      const void *context)
{
	struct plan *plan = &run->plan;

	plan_keep(plan, concerns, context);
	for (size_t i = 0; i < plan->count; i++)
		findings_free(&plan->decisions[i].findings);
	findings_free(&run->record.findings);
	run->record = (struct record){ .plan = plan };
}

struct apply run_apply(const struct run *run)
{
	const struct agent *agent = run->agent;

	return (struct apply){
		.root = &agent->root,
		.modules = agent->root.is_confined ? NULL : run->modules,
		.deadline_ms = agent->deadline_ms,
		.patience_ms = PATIENCE_MS,
		.progress = agent->progress,
	};
}

void run_free(struct run *run)
{
	module_index_close(run->modules);
	plan_free(&run->plan);
	facts_free(&run->facts);
	want_free(&run->want);
	kept_free(&run->kept);
	free(run->cmdline);
	findings_free(&run->record.findings);
}

static void log_write_error(struct agent *agent, int error)
{
	_cleanup_free_ char *text = NULL;

	if (error == 0)
		return;
	text = memory_printf("error: /" REPORT_PATH " could not be written: %s",
			     stored_write_error(error));
	log_line(SEVERITY_ERROR, text, &agent->log);
}

/* What a device may yet have to be told of it: findings on steps that went wrong. */
static size_t room_for_outcome(const struct record *record)
{
	return ROOM + record->plan->count * ROOM_FOR_DEVICE;
}

void agent_write_plan(struct agent *agent, const struct record *record)
{
	_cleanup_free_ char *json = record_to_json(record);
	const struct root *root = &agent->root;
	int lock_fd = stored_take_lock(root);
	int r = root_replace_file_with_room(root, REPORT_DIRECTORY, REPORT_NAME, json,
					    strlen(json) + room_for_outcome(record));

	root_unlock(lock_fd);
	agent->progress->is_recorded = r == 0;
	log_write_error(agent, r);
}

void agent_write_report(struct agent *agent, const struct record *record)
{
	_cleanup_free_ char *json = record_to_json(record);
	const struct root *root = &agent->root;
	int lock_fd = stored_take_lock(root);
	int r = root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, json);

	if (r < 0 && agent->progress->is_recorded &&
	    root_overwrite_file(root, REPORT_DIRECTORY, REPORT_NAME, json) == 0)
		r = 0;
	root_unlock(lock_fd);
	log_write_error(agent, r);
}

int agent_write_stored(struct agent *agent, struct stored *stored)
{
	int r = stored_write(&agent->root, stored);

	log_write_error(agent, r);
	return r;
}

void agent_stamp(struct agent *agent, struct record *record)
{
	record->program = "passthru-init " PASSTHRU_VERSION;
	record->kernel = agent->kernel;
	record->duration_us = clock_us() - agent->started_us;
}
