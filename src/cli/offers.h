/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the devices themselves let be set: at boot the kernel refuses the rest. */
#ifndef PASSTHRU_CLI_OFFERS_H
#define PASSTHRU_CLI_OFFERS_H

#include "plan/decision.h"
#include "system/root.h"

/*
 * After settings_survey(): drop from PLAN sizes that a BAR does not come in, and reset methods that
 * a device does not have, with a finding each.
 */
void offers_check(const struct root *root, struct plan *plan);

#endif
