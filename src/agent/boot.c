/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The work in the initramfs, once, before any module is loaded. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "agent/arm.h"
#include "agent/rescue.h"
#include "agent/trial.h"
#include "apply/apply.h"
#include "apply/first_bind.h"
#include "plan/condition.h"
#include "plan/others.h"
#include "session/fallback.h"

/* The file first: a console can be slow, and the process that waits may lose patience. */
static void publish(struct agent *agent)
{
	const struct record record = agent_record(agent);

	if (!agent->dry_run)
		agent_write_report(agent, &record);
	agent->progress->is_finished = true;
	record_each_line(&record, log_line, &agent->log);
}

/* Should the worker not come to its end, there is a record of what it was about to do. */
static void record_plan(struct agent *agent)
{
	struct record record = agent_record(agent);

	record.findings = (struct findings){ 0 };
	findings_add(&record.findings, FINDING_UNFINISHED,
		     "the agent did not finish; this report shows only the plan");
	agent_write_plan(agent, &record);
	findings_free(&record.findings);
}

static void carry_out(struct agent *agent)
{
	struct session *session = &agent->session;
	struct apply apply = agent_apply(agent);

	apply.is_before_udev = apply.leaves_nodes = true;
	record_plan(agent);
	rescue_prepare(agent);
	apply_plan(&apply, &session->plan);
	apply_empty_stubs(&apply, &session->want, &session->plan, &session->findings);
	hotplug_prepare(agent);
	trial_keep_copy(agent);
}

/* Whoever comes after an agent that died here finds what it was about to do, as after any step. */
static void learn_groups(struct agent *agent)
{
	if (!first_bind_is_needed(&agent->session.plan))
		return;
	record_plan(agent);
	rescue_prepare(agent);
	agent_learn_groups(agent);
}

/* There are rules, or options of stub drivers that are not to count. */
static int take_devices(struct agent *agent)
{
	struct session *session = &agent->session;

	if (agent_scan(agent) < 0)
		return EXIT_UNKNOWN;
	conditions_tell(&session->want, &session->findings);
	agent_decide(agent);
	if (!agent->dry_run)
		learn_groups(agent);
	others_decide(&session->plan, &session->findings);
	if (agent->dry_run)
		return EXIT_OK;
	carry_out(agent);
	return agent_is_good(agent) ? EXIT_OK : EXIT_NOT_OK;
}

static int follow_want(struct agent *agent)
{
	struct want *want = &agent->session.want;
	struct findings *findings = &agent->session.findings;

	findings_move(findings, &want->findings);
	fallback_tell(agent->session.input.image, findings);
	if (want->off) {
		findings_add(findings, FINDING_OFF, "disabled %s; no device is touched",
			     root_exists(agent->session.input.image, OFF_MARK) == -ENOENT
				     ? "on the kernel command line"
				     : "by the image (passthru image --off)");
		return EXIT_OK;
	}
	if (want->has_errors)
		return EXIT_ERRORS;
	if (want->rule_count || want_has_natives(want))
		return trial_settle(agent) == 0 ? take_devices(agent) : EXIT_NOT_OK;
	findings_add(
		findings, FINDING_NOTHING_CONFIGURED,
		"no rule in /etc/passthru.conf, credentials, modprobe.d or on the kernel command line; no device is touched");
	return agent_is_good(agent) ? EXIT_OK : EXIT_NOT_OK;
}

static int run_boot(struct agent *agent)
{
	int status = agent_read(agent) < 0 ? EXIT_UNKNOWN : follow_want(agent);

	agent->progress->status = status;
	publish(agent);
	return status;
}

const struct mode boot_mode = {
	.option = "",
	.run = run_boot,
	.limit_ms = 10000,
	.begins_report = true,
};
