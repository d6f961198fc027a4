/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rescue: devices are returned to the host if the root file system does not appear. */
#ifndef PASSTHRU_AGENT_RESCUE_H
#define PASSTHRU_AGENT_RESCUE_H

#include "agent/agent.h"

#define RESCUE_NAME "rescue"
#define RESCUE_PATH REPORT_DIRECTORY "/" RESCUE_NAME /* while there may be devices to return */
#define WATCH_NAME  "watch"
#define WATCH_PATH  REPORT_DIRECTORY "/" WATCH_NAME /* the number of the process that watches */

/*
 * Before devices are taken: leave word for the hooks and for rescue_mode, unless root-grace is 0. A
 * failure is logged.
 */
void rescue_prepare(struct agent *agent);

/* Whether what is at RESCUE_PATH can be read, so that a call of rescue_mode can get further. */
bool rescue_is_readable(const struct root *root);

/*
 * Move the time at which devices are returned MS milliseconds later, if it is set: the boot waits
 * for something else. Where that cannot be noted the time stays.
 */
void rescue_postpone(const struct root *root, int64_t ms);

#endif
