/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first pass of the scan: the link and the `uevent` of devices, of all of them or only of those
 * that matter. The others are then on record in facts.others.
 */
#ifndef PASSTHRU_PROBE_LOOK_H
#define PASSTHRU_PROBE_LOOK_H

#include "facts/facts.h"
#include "system/root.h"

/* Which devices are to be looked at. */
struct look_scope {
	/*
	 * Whether DEVICE is one, of which only address, vendor, device and driver are known; with
	 * BY_PATH also its path.
	 */
	bool (*picks)(const struct pci_device *device, const void *context);
	const void *context;
	bool by_path;
	size_t count; /* about so many are: where that is most devices, all are */
};

/*
 * Every PCI device with what its `uevent` and link tell, and the state of the host's IOMMU.
 * -errno when /sys/bus/pci/devices cannot be read; a device that goes away meanwhile is left out.
 */
int scan_host(const struct root *root, struct facts *ret);

/*
 * The same, but only those that SCOPE picks are looked at, those above them, and those that the
 * kernel's list (/proc/bus/pci/devices) says nothing certain of. Where groups are not the kernel's
 * to tell, that list cannot be read, or is not worth it, that is all of them.
 */
int scan_host_for(const struct root *root, const struct look_scope *scope, struct facts *ret);

/* Look at those of FACTS->others that are related, so that none of them is any more. */
void look_at_related(const struct root *root, struct facts *facts);

/* Look at all of FACTS->others, so that there are none any more. */
void look_at_others(const struct root *root, struct facts *facts);

#endif
