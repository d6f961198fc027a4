/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/settings.h"

#include <errno.h>
#include <string.h>

#include "plan/settings.h"
#include "probe/settings.h"

static void survey(const struct root *root, struct decision *decision, enum setting setting)
{
	const char *value = settings_value(decision, setting);
	int r;

	if (!value || setting_is_of_node(setting))
		return;
	r = setting_read(root, decision->device, setting, value,
			 &decision->settings[setting].former);
	if (r == -ENOENT)
		settings_drop(decision, setting, FINDING_SETTING_UNSUPPORTED,
			      "not available, it takes", setting_kind(setting)->needs);
	else if (r < 0)
		settings_drop(decision, setting, FINDING_SETTING_FAILED,
			      "could not read what it is now:", strerror(-r));
}

void settings_survey(const struct root *root, struct plan *plan)
{
	for_each_decision(decision, plan) {
		for (enum setting i = 0; decision->settings && i < SETTING_COUNT; i++)
			survey(root, decision, i);
	}
}
