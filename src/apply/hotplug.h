/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tell the stub drivers of devices that come later. */
#ifndef PASSTHRU_APPLY_HOTPLUG_H
#define PASSTHRU_APPLY_HOTPLUG_H

#include "apply/context.h"

/*
 * Behind apply_plan(): for each rule of PLAN that hotplug_entry() has something for, load the stub
 * driver where it is not there and put that on its list. Sets is_armed of the rule's first
 * decision, or adds a finding.
 */
void hotplug_arm(const struct apply *apply, struct plan *plan);

#endif
