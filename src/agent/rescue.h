/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Healing: devices are given back when the boot waits for its root file system too long. */
#ifndef PASSTHRU_AGENT_RESCUE_H
#define PASSTHRU_AGENT_RESCUE_H

#include "agent/agent.h"

/*
 * Before devices are taken: leave word for the hooks and for rescue_mode, unless root-grace is 0. A
 * failure is logged.
 */
void heal_prepare(struct agent *agent);

#endif
