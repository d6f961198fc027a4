/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the framebuffer of the firmware that is on a device. */
#ifndef PASSTHRU_PLAN_DISPLAY_H
#define PASSTHRU_PLAN_DISPLAY_H

#include "plan/decision.h"

/*
 * Decide whether the framebuffer on the device of DECISION is released (->framebuffer): where the
 * rule allows it or the host keeps another console. One that stays keeps the device from guests.
 */
void display_judge(struct decision *decision, const struct plan *plan);

/* VFIO will not hand out the device of DECISION, because of its framebuffer. */
void display_keeps_from_guests(struct decision *decision);

#endif
