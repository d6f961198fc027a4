/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be set of each device that is taken. */
#ifndef PASSTHRU_PLAN_SETTINGS_H
#define PASSTHRU_PLAN_SETTINGS_H

#include "plan/decision.h"

/*
 * Note in DECISION what its rule has set of the device, if it is taken. What cannot be meant for it
 * is left out, with a finding. What the host has is for session/settings.h to see.
 */
void settings_judge(struct decision *decision, const struct plan *plan);

/* Leave SETTING of DECISION as it is: a finding of CODE, "KEY = VALUE: WHAT REASON". */
void settings_drop(struct decision *decision, enum setting setting, enum finding_code code,
		   const char *what, const char *reason);

/* The value of SETTING that is to be set, or NULL. */
const char *settings_value(const struct decision *decision, enum setting setting);

/* DECISION has a value for a setting of TIME. */
bool settings_have(const struct decision *decision, enum setting_time time);

/* It has an owner or a mode. */
bool settings_have_node(const struct decision *decision);

#endif
