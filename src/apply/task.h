/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes that the kernel makes wait for the driver that holds the device, done by a child. */
#ifndef PASSTHRU_APPLY_TASK_H
#define PASSTHRU_APPLY_TASK_H

#include "apply/context.h"

/*
 * Run WRITE for DECISION in a child, so that a device which hangs in the kernel keeps no other from
 * its due. What WRITE returned; -ETIMEDOUT after TIMEOUT_MS; -EIO when the child died.
 */
int task_run(const struct apply *apply, const struct decision *decision,
	     int (*write)(const struct root *root, const struct decision *decision),
	     int timeout_ms);

/*
 * The same for a WRITE that returns the device to the host or holds it: -ETIMEDOUT after the
 * patience of APPLY, but before the report is due; -ETIME, and nothing is begun, if it is due now.
 */
int task_return(const struct apply *apply, const struct decision *decision,
		int (*write)(const struct root *root, const struct decision *decision));

#endif
