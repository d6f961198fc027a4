/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A lock on a file below a root: one process at a time. */
#ifndef PASSTHRU_SYSTEM_LOCK_H
#define PASSTHRU_SYSTEM_LOCK_H

#include "system/root.h"

/*
 * Take the lock NAME in DIRECTORY, both made if they are not there, waiting TIMEOUT_MS at most
 * (flock(2)). A descriptor that holds it, or negative errno; -ETIMEDOUT when another one has it.
 * root_unlock() ends it.
 */
int root_lock(const struct root *root, const char *directory, const char *name, int timeout_ms);

/*
 * Give up the lock that FD holds, and close it; nothing where FD is negative. Closing alone would
 * not do: a child that hangs in the kernel has the descriptor as well, and the lock with it.
 */
void root_unlock(int fd);

#endif
