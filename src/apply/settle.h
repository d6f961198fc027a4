/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of a device that could not be bound, or was not to be; and giving one back later. */
#ifndef PASSTHRU_APPLY_SETTLE_H
#define PASSTHRU_APPLY_SETTLE_H

#include "apply/context.h"

/*
 * Bring the device of DECISION into the state that its rule asks for when it is not bound: given
 * back, held or left claimed; see that its stub has not taken a refused one by its own ids=.
 * Writes are made by a child, since the kernel makes them wait for the driver that holds the
 * device.
 */
void settle_decision(const struct apply *apply, struct decision *decision);

/*
 * Give a device that is bound, claimed or held back to the host: clear the override, take it from
 * the stub, load its own driver (but not before udev is there) and bind that. The state becomes
 * STATE_RETURNED, or STATE_FAILED with a finding on what went wrong.
 */
void settle_return(const struct apply *apply, struct decision *decision);

#endif
