/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Devices that come later than the agent, and virtual functions. */
#ifndef PASSTHRU_AGENT_HOTPLUG_H
#define PASSTHRU_AGENT_HOTPLUG_H

#include "agent/agent.h"

/*
 * After the plan is made: tell the stub drivers of what may come, and have udev call for
 * hotplug_mode then. Without a rule that could mean it, there is no rule for udev either.
 */
void late_prepare(struct agent *agent);

#endif
