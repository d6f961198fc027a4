/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What stands between a device and its guest besides a driver of the host. */
#ifndef PASSTHRU_PLAN_VFIO_H
#define PASSTHRU_PLAN_VFIO_H

#include "plan/decision.h"

/* Refuse what vfio-pci itself would refuse: devices on its denylist. */
void vfio_check_denylist(struct decision *decision, const struct plan *plan);

/*
 * Tell of a device that is to be taken what may keep a guest from it: regions that must stay
 * mapped, no way to reset it, a shared requester id, a port for strangers; and whether VFIO will
 * hand it out (->viability), by the kernel's own rules.
 */
void vfio_judge(struct decision *decision, const struct plan *plan);

#endif
