/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/trial.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"

/*
 * No rule counts. Neither do options of stub drivers, which are where the drivers find them: those
 * are loaded without.
 */
static int use_nothing(struct agent *agent)
{
	struct want *want = &agent->session.want;

	want_drop_rules(want);
	return want_has_natives(want) ? 0 : -ECANCELED;
}

/* The other one replaces it; what was found so far stays. */
static int use_proven(struct agent *agent)
{
	struct session *session = &agent->session;
	struct findings findings = session->findings;
	unsigned natives = session->want.natives;
	int r = root_enter(session->input.image, TRIAL_PROVEN_DIRECTORY, &agent->proven);

	if (r < 0 && r != -ENOENT)
		findings_add(&session->findings, FINDING_UNREADABLE,
			     "could not read /" TRIAL_PROVEN_DIRECTORY ": %s; no device is touched",
			     strerror(-r));
	if (r < 0)
		return use_nothing(agent);
	session->findings = (struct findings){ 0 };
	session_free(session);
	*session = (struct session){ .findings = findings };
	image_copy_free(&agent->image_copy);
	r = agent_read(agent);
	findings_move(&session->findings, &session->want.findings);
	session->want.natives |= natives;
	return r < 0 || session->want.has_errors ? -ECANCELED : 0;
}

void trial_keep_copy(struct agent *agent)
{
	_cleanup_free_ char *path = NULL;
	int r = 0;

	if (agent->trial.verdict == TRIAL_TRYING)
		r = image_copy_write(&agent->root, &agent->image_copy, &path);
	if (r < 0)
		findings_add(
			&agent->session.findings, FINDING_TRIAL_STATE,
			"could not write /%s: %s; if the configuration is proven, it is kept from /etc",
			path, strerror(-r));
}

int trial_settle(struct agent *agent)
{
	struct session *session = &agent->session;
	struct trial_host host = { .root = &agent->root, .cmdline = session->cmdline };

	if (agent->dry_run ||
	    trial_read_mark(session->input.image, &agent->trial, &session->findings) == 0)
		return 0;
	if (!agent->root.is_confined && !session->modules)
		session->modules = session->input.open_modules(&agent->root, session->cmdline,
							       session->input.modules_context);
	host.modules = agent->root.is_confined ? NULL : session->modules;
	trial_begin(&host, &session->want, &agent->trial, &session->findings);
	return trial_is_refused(&agent->trial) ? use_proven(agent) : 0;
}
