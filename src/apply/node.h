/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may open a device that vfio-pci has: the nodes of its IOMMU group, /dev/vfio/N, and of the
 * device, /dev/vfio/devices/vfioN (linux/drivers/vfio/group.c, device_cdev.c).
 */
#ifndef PASSTHRU_APPLY_NODE_H
#define PASSTHRU_APPLY_NODE_H

#include "apply/context.h"

/*
 * Give the nodes of DEVICE the owner or the mode VALUE, as SETTING says which of these, and read it
 * back. Negative errno; -ENOENT without any node.
 */
int node_set_owner(const struct root *root, const struct pci_device *device, enum setting setting,
		   const char *value);

/*
 * *RET becomes VALUE if that is what all nodes of DEVICE have, else what one of them has instead.
 * Negative errno; -ENOENT without any node. The caller frees *RET.
 */
int node_read_owner(const struct root *root, const struct pci_device *device, enum setting setting,
		    const char *value, char **ret);

#endif
