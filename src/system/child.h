/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Work that may hang or crash, done by a child so that it costs only so much. */
#ifndef PASSTHRU_SYSTEM_CHILD_H
#define PASSTHRU_SYSTEM_CHILD_H

#include <stddef.h>

/*
 * Run FUNCTION in a forked child and return what it returned. -ETIMEDOUT when it takes longer than
 * TIMEOUT_MS: it is then killed, but not waited for, since one that hangs in the kernel dies only
 * when the kernel lets it go. -EIO when it died, *RET_SIGNAL (where not NULL) then is of what;
 * -ENOMEM when it found no memory (util/memory.h). Whatever it changes in memory is lost. It dies
 * with the caller, and with it what it started in this way. Allocates nothing.
 */
int child_run(int (*function)(void *context), void *context, int timeout_ms, int *ret_signal);

/*
 * Run FUNCTION in a process of its own, as daemon(3) makes one: it outlives the caller, and has no
 * part in its streams. Negative errno when there is none.
 */
int child_detach(int (*function)(void *context), void *context);

/* SIZE zeroed bytes, at least one, that children share with the caller; NULL when there are none.
 */
void *child_share(size_t size);
void child_unshare(void *memory, size_t size);

/*
 * Run FUNCTION in one forked child for each of the COUNT contexts, all at the same time, and wait
 * until all have ended, or for TIMEOUT_MS: the rest is then killed. They, too, die with the caller.
 * What they did is for the caller to see. Negative errno when there could be no child at all.
 */
int child_run_all(int (*function)(void *context), void *const contexts[], size_t count,
		  int timeout_ms);

#endif
