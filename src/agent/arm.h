/* SPDX-License-Identifier: GPL-2.0-or-later */
/* At boot: what makes the agent run for hot-plugged devices and virtual functions. */
#ifndef PASSTHRU_AGENT_ARM_H
#define PASSTHRU_AGENT_ARM_H

#include "agent/agent.h"
#include "plan/udev_rules.h"

#define RULES_NAME "60-passthru.rules" /* before 80-drivers.rules, which loads drivers */
#define RULES_PATH RULES_DIRECTORY "/" RULES_NAME
/* The same, where the agent was PID 1: what is mounted on the other. */
#define RULES_EARLY_DIRECTORY REPORT_EARLY_DIRECTORY "/rules.d"
#define RULES_EARLY_PATH      RULES_EARLY_DIRECTORY "/" RULES_NAME

/*
 * After the plan was carried out: hotplug_arm(), and have udev call for hotplug_mode when a device
 * comes. Without a rule that could match one, there is no rule for udev either.
 */
void hotplug_prepare(struct agent *agent);

#endif
