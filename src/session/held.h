/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the stub drivers have now, by their directories in sysfs. */
#ifndef PASSTHRU_SESSION_HELD_H
#define PASSTHRU_SESSION_HELD_H

#include <stddef.h>

#include "facts/device.h"
#include "system/root.h"

struct held_device {
	struct pci_address address;
	char driver[DRIVER_NAME_SIZE];
};

struct held {
	struct held_device *items; /* in the order of their addresses */
	size_t count;
};

/*
 * List the devices that a stub driver or a variant of vfio-pci has. Cheap on a host with many
 * devices. Negative errno when the drivers cannot be listed, with *RET empty; held_free() it
 * anyway.
 */
int held_read(const struct root *root, struct held *ret);

void held_free(struct held *held);

#endif
