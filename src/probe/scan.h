/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The second pass of the snapshot, behind probe/look.h: the rest, of a few devices. */
#ifndef PASSTHRU_PROBE_SCAN_H
#define PASSTHRU_PROBE_SCAN_H

#include "probe/look.h"
#include "system/module.h"

/*
 * After scan_host(): find out what explains the state of the IOMMU, from CMDLINE and the kernel's
 * log, or in a Xen dom0 by asking the hypervisor. scan_details() does it, too.
 */
void scan_iommu(const struct root *root, struct module_index *modules, const char *cmdline,
		struct facts *facts);

/* Tells whether rules mean a device; CONTEXT is the caller's. */
typedef bool (*scan_filter)(const struct facts *facts, const struct pci_device *device,
			    const void *context);

/*
 * Complete the devices that IS_CONCERNED picks, and all members of their IOMMU groups: group,
 * translation, kind of driver, variant of vfio-pci (looked up in MODULES, where not NULL).
 * In a Xen dom0, where Linux knows nothing of the IOMMU, the hypervisor is asked and groups are
 * derived from the topology. Elsewhere CMDLINE and the kernel's log explain what is missing.
 */
void scan_details(const struct root *root, struct module_index *modules, const char *cmdline,
		  struct facts *facts, scan_filter is_concerned, const void *context);

/*
 * A driver was bound to device number INDEX for the first time (apply/first_bind.h): look for its
 * group once more, and complete those that turn out to be in it. A negative ERROR: that failed, so
 * that there is no group does not say that there can be none.
 */
void scan_new_group(const struct root *root, struct module_index *modules, struct facts *facts,
		    size_t index, int error);

#endif
