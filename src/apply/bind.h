/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Give devices to a stub driver that is loaded, so that one which hangs keeps no other waiting. */
#ifndef PASSTHRU_APPLY_BIND_H
#define PASSTHRU_APPLY_BIND_H

#include <stddef.h>

#include "apply/context.h"

/* One device to bind. */
struct binding {
	const struct decision *decision;
	int result; /* what the write to `bind` gave; -ETIMEDOUT when it never came back */
};

/*
 * Bind the COUNT devices of BINDINGS, which must be memory that children share
 * (child_share()). Those of slow drivers all at once, a child each; the others in turn, in one
 * child. Returns at the deadline at the latest. What came of it is in sysfs, and in ->result.
 */
void bind_devices(const struct apply *apply, struct binding *bindings, size_t count);

#endif
