/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of the host the agent looks at. Where rules name devices, and nothing rests on the others,
 * these are not read: most of a host is not its business, and each look costs.
 */
#ifndef PASSTHRU_PLAN_SCOPE_H
#define PASSTHRU_PLAN_SCOPE_H

#include <stdbool.h>

#include "plan/decision.h"
#include "plan/match.h"

/*
 * Every rule names its devices by address, path, or vendor and device, so that those which it may
 * mean are found without a look at the others.
 */
bool scope_is_narrow(const struct matcher *matcher);

/* A rule may mean DEVICE, or a stub driver has it; fits look_scope. MATCHER is a struct matcher. */
bool scope_picks(const struct pci_device *device, const void *matcher);

/* A rule of WANT names a path. */
bool scope_is_by_path(const struct want *want);

/*
 * A device that was not looked at (facts.others) may be what decides something in PLAN, now or when
 * the stub drivers are told of hot-plugged devices: it is to be made again with all of them.
 */
bool scope_rests_on_others(const struct plan *plan);

#endif
