/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all modes of the agent do: the flow up to the decision, and the report. */
#include "agent/agent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "apply/first_bind.h"
#include "report/record_json.h"
#include "session/module_record.h"
#include "system/clock.h"
#include "system/file.h"
#include "system/lock.h"
#include "system/replay.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define PATIENCE_MS     1000
#define ROOM            4096 /* bytes of the report that its devices do not account for */
#define ROOM_FOR_DEVICE 2048

/* The list that is in the image, else what there is to make one of. */
static struct module_index *open_modules(const struct root *root, const char *cmdline,
					 void *context)
{
	struct agent *agent = context;
	const struct root *image = agent->session.input.image;
	struct module_list list = { 0 };
	_cleanup_free_ char *why = NULL;
	int r = module_record_read(image, agent->kernel, image_copy_add, &agent->image_copy, &list,
				   &why);

	if (why)
		findings_add(&agent->session.findings, FINDING_MODULE_LIST,
			     "%s; modules.dep is used instead", why);
	if (r < 0) {
		module_list_free(&list);
		module_record_derive(root, agent->kernel, &list);
	}
	return replay_new(root, agent->kernel, &list, cmdline);
}

int agent_read(struct agent *agent)
{
	const struct session_input input = {
		.root = &agent->root,
		.image = agent->image.fd >= 0 ? &agent->image : NULL,
		.configuration = agent->proven.fd >= 0 ? &agent->proven : NULL,
		.cmdline = agent->cmdline,
		.sink = image_copy_add,
		.sink_context = &agent->image_copy,
		.is_narrow = agent->mode->begins_report,
		.open_modules = open_modules,
		.modules_context = agent,
	};
	int r = session_read(&agent->session, &input);

	if (r < 0)
		findings_add(&agent->session.findings, FINDING_NO_PROC,
			     "could not read /proc/cmdline: %s", strerror(-r));
	return r;
}

int agent_scan(struct agent *agent)
{
	struct session *session = &agent->session;
	int r = session_scan(session);

	if (r == 0)
		session_recall_needs(session);
	else
		findings_add(&session->findings, FINDING_NO_SYSFS,
			     "could not read /sys/bus/pci/devices: %s", strerror(-r));
	return r;
}

int agent_begin(struct agent *agent, int *ret_status)
{
	struct session *session = &agent->session;
	int r = agent_read(agent);

	*ret_status = EXIT_UNKNOWN;
	if (r == 0 && session->want.off) {
		*ret_status = EXIT_OK;
		return -ECANCELED;
	}
	if (r == 0 && session->want.has_errors) {
		findings_move(&session->findings, &session->want.findings);
		*ret_status = EXIT_ERRORS;
		r = -EINVAL;
	}
	if (r == 0)
		r = agent_scan(agent);
	if (r < 0)
		agent_log_findings(agent, &session->findings);
	return r;
}

void agent_log_findings(struct agent *agent, const struct findings *findings)
{
	const struct record record = { .findings = *findings };

	record_each_line(&record, log_line, &agent->log);
}

void agent_tell_unread(struct agent *agent)
{
	const struct findings *findings = &agent->session.findings;

	for (size_t i = 0; i < findings->count; i++) {
		const struct findings one = { &findings->items[i], 1 };

		if (findings->items[i].code == FINDING_UNREADABLE)
			agent_log_findings(agent, &one);
	}
}

void agent_decide(struct agent *agent)
{
	struct session *session = &agent->session;

	if (want_has_functions(&session->want))
		session_scan_functions(session);
	session_scan_concerned(session, &session->want);
	session_plan(session);
}

int agent_renew(struct agent *agent)
{
	int r;

	session_forget(&agent->session);
	r = agent_scan(agent);
	if (r == 0)
		agent_decide(agent);
	return r;
}

static void note_group(const struct pci_device *device, int error, void *context)
{
	struct agent *agent = context;

	session_note_group(&agent->session, device, error);
}

bool agent_learn_groups(struct agent *agent)
{
	struct session *session = &agent->session;
	struct apply apply = agent_apply(agent);

	if (!first_bind_is_needed(&session->plan))
		return false;
	first_bind(&apply, &session->plan, note_group, agent);
	plan_free(&session->plan);
	session_plan(session);
	first_bind_settle(&apply, &session->plan);
	return true;
}

struct apply agent_apply(const struct agent *agent)
{
	return (struct apply){
		.root = &agent->root,
		.modules = agent->root.is_confined ? NULL : agent->session.modules,
		.deadline_ms = agent->deadline_ms,
		.return_by_ms = agent->deadline_ms + TIME_TO_RETURN_MS,
		.patience_ms = PATIENCE_MS,
		.progress = agent->progress,
	};
}

static struct record_trial trial_of(const struct agent *agent)
{
	const struct trial *trial = &agent->trial;

	if (trial->verdict == TRIAL_NONE)
		return (struct record_trial){ 0 };
	return (struct record_trial){
		.state = trial_word(trial->verdict),
		.configuration = trial->configuration,
		.proof = trial_proof_word(trial->mark.proof),
		.within_s = trial->mark.within_s,
	};
}

struct record agent_record(const struct agent *agent)
{
	const struct session *session = &agent->session;
	struct record record = {
		.config_sha256 = session->want.sha256,
		.options_sha256 = session->want.options_sha256,
		.facts = session->is_scanned ? &session->facts : NULL,
		.plan = session->is_scanned ? &session->plan : NULL,
		.findings = session->findings,
		.trial = trial_of(agent),
	};

	agent_stamp(agent, &record);
	return record;
}

bool agent_is_good(const struct agent *agent)
{
	const struct record record = agent_record(agent);

	return record_is_good(&record);
}

void agent_forget(struct agent *agent)
{
	session_free(&agent->session);
	image_copy_free(&agent->image_copy);
	root_close(&agent->proven);
}

static void log_write_error(struct agent *agent, int error)
{
	_cleanup_free_ char *text = NULL;

	if (error == 0)
		return;
	text = memory_printf("error: could not write /" REPORT_PATH ": %s",
			     store_write_error(error));
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
	int lock_fd = store_take_lock(root);
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
	int lock_fd = store_take_lock(root);
	int r = root_replace_file(root, REPORT_DIRECTORY, REPORT_NAME, json);

	if (r < 0 && agent->progress->is_recorded &&
	    root_overwrite_file(root, REPORT_DIRECTORY, REPORT_NAME, json) == 0)
		r = 0;
	root_unlock(lock_fd);
	log_write_error(agent, r);
}

int agent_write_changed(struct agent *agent, struct store *store)
{
	int r = store_write(&agent->root, store);

	log_write_error(agent, r);
	return r;
}

void agent_stamp(const struct agent *agent, struct record *record)
{
	record->program = "passthru-init " PASSTHRU_VERSION;
	record->kernel = agent->kernel;
	record->duration_us = clock_us() - agent->started_us;
}
