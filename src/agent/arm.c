/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/arm.h"

#include <string.h>

#include "apply/hotplug.h"
#include "system/file.h"
#include "system/installed.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* The driver, if built in, may be bound already. Enabling VFs takes too long now: udev calls later.
 */
static void defer_vf_creation(struct plan *plan)
{
	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_DIVIDE && decision->state == STATE_PLANNED)
			decision->state = STATE_WAITING;
	}
}

static int write_rules(const struct root *root, const char *rules, char **ret_path)
{
	int r = root_make_directory(root, UDEV_DIRECTORY);

	if (r == 0)
		r = root_replace_file(root, RULES_DIRECTORY, RULES_NAME, rules);
	if (r < 0)
		*ret_path = memory_dup(RULES_DIRECTORY "/" RULES_NAME);
	return r;
}

static void write_for_udev(struct agent *agent, const char *rules)
{
	const struct root *root = &agent->root;
	_cleanup_free_ char *path = NULL;
	int r = image_copy_write(root, &agent->image_copy, &path);

	if (r == 0)
		r = write_rules(root, rules, &path);
	if (r < 0)
		findings_add(&agent->session.findings, FINDING_WATCH_FAILED,
			     "could not write /%s, so udev does not call the agent: %s", path,
			     strerror(-r));
}

void hotplug_prepare(struct agent *agent)
{
	struct session *session = &agent->session;
	struct apply apply = agent_apply(agent);
	_cleanup_free_ char *rules = NULL;

	hotplug_arm(&apply, &session->plan);
	defer_vf_creation(&session->plan);
	/* Both the image and the real root have the agent where it is installed. */
	rules = udev_rules_make(&session->plan, AGENT_PATH);
	if (rules)
		write_for_udev(agent, rules);
}
