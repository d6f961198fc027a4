/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Policy on IOMMU groups. A guest can have a device only when no other member of its group is with
 * a driver of the host (linux/drivers/iommu/iommu.c iommu_device_use_default_domain); bridges do
 * not count, their driver leaves DMA alone.
 */
#ifndef PASSTHRU_PLAN_GROUP_H
#define PASSTHRU_PLAN_GROUP_H

#include "plan/decision.h"

/* group = whole: add the members that no rule lists, bridges excepted, to the plan. */
void group_extend(struct plan *plan);

/* group = listed: name the members that are not taken. group = refuse: then take none. */
void group_check(struct plan *plan);

/*
 * Behind the decisions: a device that PLAN does not claim, and that may be in the group of DEVICE
 * as soon as a driver binds to it; NULL when there is none.
 */
const struct pci_device *group_possible_member(const struct plan *plan,
					       const struct pci_device *device);

#endif
