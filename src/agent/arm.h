/* SPDX-License-Identifier: GPL-2.0-or-later */
/* At boot: what makes the agent run for hot-plugged devices and virtual functions. */
#ifndef PASSTHRU_AGENT_ARM_H
#define PASSTHRU_AGENT_ARM_H

#include "agent/agent.h"

/*
 * After the plan was carried out: tell the stub drivers of what may come, and have udev call for
 * hotplug_mode then. Without a rule that could mean it, there is no rule for udev either.
 */
void arm_hotplug(struct agent *agent);

#endif
