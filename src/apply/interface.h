/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network interface of a PF: by way of it the kernel sets what is of the VFs. */
#ifndef PASSTHRU_APPLY_INTERFACE_H
#define PASSTHRU_APPLY_INTERFACE_H

#include "apply/context.h"

#define INTERFACE_NAME_SIZE 16 /* IFNAMSIZ of linux/if.h */

struct interface {
	unsigned number; /* udev may rename it at any time, but the number stays */
	char name[INTERFACE_NAME_SIZE];
	bool is_up; /* by the administrator's flag, not by its link */
};

/*
 * The interface of the PF DEVICE, without those that stand for VFs in its switch (linux
 * Documentation/networking/representors.rst). -ENOENT when it has none, -ENOTUNIQ when it has
 * several, or another negative errno; *RET is then undefined.
 */
int interface_find(const struct root *root, const struct pci_device *device, struct interface *ret);

/* Bring INTERFACE of DEVICE up, and see that it is. Negative errno; -EIO when it stayed down. */
int interface_bring_up(const struct apply *apply, const struct pci_device *device,
		       const struct interface *interface);

/*
 * Wait until the interface of DEVICE, if it has one that is up, has a link, but no longer than five
 * seconds: what came of that is the driver's to say.
 */
void interface_await_link(const struct apply *apply, const struct pci_device *device);

#endif
