/* SPDX-License-Identifier: GPL-2.0-or-later */
/* At boot: what makes the agent run for hot-plugged devices and virtual functions. */
#ifndef PASSTHRU_AGENT_ARM_H
#define PASSTHRU_AGENT_ARM_H

#include "agent/agent.h"

/*
 * After the plan was carried out: hotplug_arm(), and have udev call for hotplug_mode when a device
 * comes. Without a rule that could match one, there is no rule for udev either.
 */
void hotplug_prepare(struct agent *agent);

#endif
