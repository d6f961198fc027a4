/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A guardian that waits for one worker. The worker goes through the whole flow; should it hang or
 * die, the guardian says so, adds that to the report, and lets the boot go on.
 */
#ifndef PASSTHRU_AGENT_SUPERVISOR_H
#define PASSTHRU_AGENT_SUPERVISOR_H

#include "agent/agent.h"

/*
 * Run the mode of AGENT on the host below ROOT, in a worker and under a guardian. Needs only what
 * the command line has to say; returns an exit status.
 */
int agent_run(struct agent *agent, const char *root);

#endif
