/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host needs is left to it, whatever rules and on-failure say, unless a rule allows it. */
#ifndef PASSTHRU_PLAN_GUARD_H
#define PASSTHRU_PLAN_GUARD_H

#include "plan/decision.h"

/*
 * Refuse the device of DECISION when the host cannot do without it, and warn when it would be
 * missed. It is known by its path; or by its ids, when no such device is at its path any more.
 */
void guard_check(struct decision *decision, const struct plan *plan);

/*
 * The same for what the host needs alone, and not for what could not be read: that is a reason not
 * to take a device, but none to take it away from somebody.
 */
void guard_check_needs(struct decision *decision, const struct plan *plan);

/*
 * A device is of the kind of NEED, and elsewhere: whether it is what the host needs rests on what
 * is at the place of that.
 */
bool guard_looks_for_place(const struct facts *facts, const struct need *need);

/*
 * PLAN, which is made, may say of a network card what it says because the host keeps no other one,
 * among the devices that were looked at.
 */
bool guard_counts_network(const struct plan *plan);

/*
 * Refuse all network cards where the kernel command line has the root file system on the network,
 * nothing says which card that needs, and the host would keep none.
 */
void guard_check_network_root(struct plan *plan);

/* Warn when no network card is left to the host. */
void guard_check_last_network(struct plan *plan);

#endif
