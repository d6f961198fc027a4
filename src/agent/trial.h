/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A configuration that may keep the host from coming up is used once, until it is proven. */
#ifndef PASSTHRU_AGENT_TRIAL_H
#define PASSTHRU_AGENT_TRIAL_H

#include "agent/agent.h"

/*
 * Before any device is touched: see whether the image's configuration may be used. If not, AGENT's
 * session has the one proven before it instead. 0 to go on; -ECANCELED when no device is to be
 * touched. All else is a finding.
 */
int trial_settle(struct agent *agent);

/*
 * After the devices: leave a copy of a configuration on trial for who proves it. What fails is a
 * finding.
 */
void trial_keep_copy(struct agent *agent);

#endif
