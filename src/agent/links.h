/* SPDX-License-Identifier: GPL-2.0-or-later */
/* PFs whose driver enables no VFs while their network interface is down: the next try of it. */
#ifndef PASSTHRU_AGENT_LINKS_H
#define PASSTHRU_AGENT_LINKS_H

#include "agent/agent.h"

#define LINKS_NAME "links"
#define LINKS_PATH REPORT_DIRECTORY "/" LINKS_NAME /* made when a PF has begun to wait */

/* DECISION is about a PF that waits for its interface to come up (`pf-down`). */
bool links_are_awaited(const struct decision *decision);

/* Make LINKS_PATH: for passthru-vfs.path, and for links_begin(). Negative errno. */
int links_request(const struct root *root);

/*
 * Where there is LINKS_PATH, but no systemd to start passthru-vfs.service: links_run() on the
 * running host, in a process of its own that outlives the caller. Nothing in the initramfs, which
 * it would not survive: coldplug calls once more behind that.
 */
void links_begin(void);

/* It has no guardian and no time limit, since all that it does is to wait: links_run(). */
extern const struct mode links_mode;

/*
 * For AGENT of links_mode: wait, on the host below PATH, until no PF of the report waits for its
 * interface; have udev tell of the PF once for each time that the interface comes up, so that it
 * calls for hotplug_mode. Ends at once where another process does so already. Returns an exit
 * status; on SIGTERM it just ends.
 */
int links_run(struct agent *agent, const char *path);

#endif
