/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is there an IOMMU, and does it stand between a device and memory? */
#ifndef PASSTHRU_FACTS_IOMMU_H
#define PASSTHRU_FACTS_IOMMU_H

#include <stdbool.h>

#include "facts/facts.h"
#include "util/root.h"

/*
 * Fill in the kind and state of the host's IOMMU and interrupt remapping: from the units that the
 * kernel registered (/sys/class/iommu) and, where there are none, from the firmware's tables;
 * remapping from the IR- chips in /sys/kernel/irq, which /proc/interrupts shows too.
 */
void iommu_survey(const struct root *root, struct facts *facts);

/*
 * Whether the device at ADDRESS, which has an iommu_group, is behind a real IOMMU: the group is not
 * one of vfio's no-IOMMU mode (linux/drivers/vfio/vfio_main.c) and the device links to a unit.
 */
bool iommu_translates(const struct root *root, const char *address);

#endif
