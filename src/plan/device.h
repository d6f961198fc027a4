/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What speaks against taking one device, whatever becomes of the others. */
#ifndef PASSTHRU_PLAN_DEVICE_H
#define PASSTHRU_PLAN_DEVICE_H

#include "plan/decision.h"

/*
 * Refuse what is the host's own, whatever on-failure says: bridges, what a module's driver has at
 * boot, and on the running host what is in use.
 */
void check_is_not_the_hosts(struct decision *decision, const struct plan *plan);

/* Refuse a stub driver that does not work on this platform: of Xen elsewhere, of VFIO in a dom0. */
void check_platform(struct decision *decision, const struct plan *plan);

/* Refuse a device that no IOMMU translates for, or warn of it, as the rule says. */
void check_iommu(struct decision *decision, const struct plan *plan);

/* Note that the stub driver has had the device before. */
void note_bound_already(struct decision *decision, const struct plan *plan);

#endif
