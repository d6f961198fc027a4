/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * To have the framebuffer of the firmware let go of a device. There is no way back: its driver
 * would find nothing that the firmware has not set up anew, so the screen is dark until a driver
 * for the device itself is bound.
 */
#ifndef PASSTHRU_APPLY_FRAMEBUFFER_H
#define PASSTHRU_APPLY_FRAMEBUFFER_H

#include "apply/context.h"

/*
 * Unbind the framebuffer on the device of DECISION, in half of the time that is left. That it could
 * not be is judged later: vfio-pci may have the kernel do it.
 */
void framebuffer_release(const struct apply *apply, struct decision *decision);

/* The device is bound: tell when its framebuffer was to be released and has not been. */
void framebuffer_verify(const struct apply *apply, struct decision *decision);

#endif
