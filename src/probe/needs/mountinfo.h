/* SPDX-License-Identifier: GPL-2.0-or-later */
/* /proc/self/mountinfo (proc_pid_mountinfo(5)), as libmount reads it. */
#ifndef PASSTHRU_PROBE_NEEDS_MOUNTINFO_H
#define PASSTHRU_PROBE_NEEDS_MOUNTINFO_H

#include "facts/tables.h"

/*
 * Add the mounts in TEXT to MOUNTS, in their order; lines that are not as the kernel writes them
 * are left out. -ENOMEM or an error of the C library when libmount cannot read at all.
 */
int mountinfo_parse(const char *text, struct mounts *mounts);

#endif
