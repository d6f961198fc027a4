/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Is there an IOMMU, and does it stand between a device and memory? */
#ifndef PASSTHRU_PROBE_IOMMU_H
#define PASSTHRU_PROBE_IOMMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"
#include "system/root.h"

/*
 * Fill in the kind and state of the host's IOMMU and interrupt remapping; what could not be read
 * makes the state unknown and is among the iommu_findings: from the units that the
 * kernel registered (/sys/class/iommu) and, where there are none, from the firmware's tables;
 * remapping from the IR- chips in /sys/kernel/irq, which /proc/interrupts shows too.
 */
void iommu_survey(const struct root *root, struct facts *facts);

/*
 * Whether TEXT, the attribute `reserved_regions` of a group, has a plain direct one: memory that
 * firmware wants mapped for any user of the device (linux/drivers/iommu/iommu.c
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

/* What all members of an IOMMU group share. */
struct iommu_group {
	int number;
	char type[GROUP_TYPE_SIZE]; /* "" when not known */
	bool has_direct_region;
	bool is_real; /* not one of vfio's no-IOMMU mode (linux/drivers/vfio/vfio_main.c) */
};

/*
 * The number of the group of the device whose directory in sysfs is DEVICE (root_enter()). -ENOENT
 * when it has none, or another negative errno.
 */
int iommu_read_group_number(const struct root *device, int *ret);

/*
 * Read all of *GROUP but its number from DIRECTORY, that of the group. Negative errno when
 * *RET_UNREAD of it could not be read, and so is as if it were not there.
 */
int iommu_read_group(const struct root *directory, struct iommu_group *group,
		     const char **ret_unread);

/*
 * The IOMMU unit that has the device with this directory, for the caller to free; NULL for none:
 * then nothing translates for it. Negative errno when that could not be read.
 */
int iommu_read_unit(const struct root *device, char **ret);

#endif
