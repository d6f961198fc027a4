/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a trial is to be known in the running system by those who do not ask. */
#ifndef PASSTHRU_AGENT_ANNOUNCE_H
#define PASSTHRU_AGENT_ANNOUNCE_H

#include "agent/agent.h"

/*
 * By what STORE says of the trial: have the units for its end started (passthru-prove.service,
 * passthru-confirm.service), and put a line where a login shows it (agetty(8) issue.d,
 * pam_motd(8)). Nothing for a configuration that is proven, and kept as such.
 */
void announce_trial(struct agent *agent, const struct store *store);

#endif
