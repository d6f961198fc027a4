/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The node of its own by which VFIO hands a device out, besides that of its group: since Linux 6.6,
 * where the kernel has CONFIG_VFIO_DEVICE_CDEV (linux/Documentation/driver-api/vfio.rst, "VFIO
 * device cdev"). A kernel without CONFIG_VFIO_GROUP has no other.
 */
#ifndef PASSTHRU_PROBE_VFIO_NODE_H
#define PASSTHRU_PROBE_VFIO_NODE_H

#include "system/root.h"
#include "util/address.h"

#define VFIO_NODES "dev/vfio/devices"

/*
 * The path of the node of the device at ADDRESS, below the root; the caller frees it. NULL when
 * there is none, with *RET_ERROR 0, or when it is not known, with a negative errno there.
 */
char *vfio_node_find(const struct root *root, const struct pci_address *address, int *ret_error);

/*
 * 1 when a process has the node at PATH open, 0 when none has. Negative errno when that is not
 * known, since not all that processes have open could be seen: -ESRCH where /proc does not show the
 * processes of the whole host.
 */
int vfio_node_is_open(const struct root *root, const char *path);

#endif
