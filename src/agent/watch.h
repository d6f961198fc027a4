/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The calls of rescue_mode while the boot waits for its root file system and calls no hook. */
#ifndef PASSTHRU_AGENT_WATCH_H
#define PASSTHRU_AGENT_WATCH_H

#include "agent/agent.h"

/*
 * agent_run() on the host below PATH. If systemd is PID 1, or the kernel command line asks for a
 * network root: each second, from when udev has settled, until the root file system is there, until
 * nothing is left to be returned, or until SIGTERM, which no call is interrupted by. Without a
 * network not while a passphrase is asked for, and that time does not count. Where WATCH_PATH
 * cannot be written, one call, and an error in the log. Returns the exit status of the last call.
 */
int watch_run(struct agent *agent, const char *path);

#endif
