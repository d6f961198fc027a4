/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is there an IOMMU, and does it stand between a device and memory? */
#ifndef PASSTHRU_FACTS_IOMMU_H
#define PASSTHRU_FACTS_IOMMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"
#include "util/root.h"

/*
 * Fill in the kind and state of the host's IOMMU and interrupt remapping: from the units that the
 * kernel registered (/sys/class/iommu) and, where there are none, from the firmware's tables;
 * remapping from the IR- chips in /sys/kernel/irq, which /proc/interrupts shows too.
 */
void iommu_survey(const struct root *root, struct facts *facts);

/*
 * Whether TEXT, the attribute `reserved_regions` of a group, has a plain direct one: memory that
 * firmware wants mapped whoever has the device (linux/drivers/iommu/iommu.c
 * iommu_get_resv_regions).
 */
bool iommu_has_direct_region(const char *text);

/*
 * Whether the firmware's table DMAR (LENGTH bytes) says that the platform can remap interrupts: bit
 * 0 of its flags (Intel VT-d specification, DMA Remapping Reporting Structure). A capability, no
 * more.
 */
bool iommu_dmar_can_remap(const uint8_t *table, size_t length);

/* Whether the I/O remapping table TABLE (LENGTH bytes) names an SMMU: not all of them do. */
bool iommu_iort_has_smmu(const uint8_t *table, size_t length);

/* Read of DEVICE, called NAME, all that its IOMMU group and unit tell. */
void iommu_read_device(const struct root *root, const char *name, struct pci_device *device);

/*
 * Whether the device at ADDRESS, which has an iommu_group, is behind a real IOMMU: the group is not
 * one of vfio's no-IOMMU mode (linux/drivers/vfio/vfio_main.c) and the device links to a unit.
 */
bool iommu_translates(const struct root *root, const char *address);

#endif
