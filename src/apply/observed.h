/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a device that is on record stands now. */
#ifndef PASSTHRU_APPLY_OBSERVED_H
#define PASSTHRU_APPLY_OBSERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/device.h"
#include "system/root.h"

/* What the record says of it. */
struct recorded {
	const char *state, *driver;
	uint32_t vfs; /* how many virtual functions it is to have; 0 if it is no physical one */
};

struct standing {
	bool is_present;
	uint32_t vfs;                    /* how many virtual functions it has */
	char driver[DRIVER_NAME_SIZE];   /* "" for none, "?" for a name that cannot be shown */
	char override[DRIVER_NAME_SIZE]; /* OVERRIDE_CLEARED for none */
};

/* Look at the device ADDRESS, which is a well-formed address. */
void standing_read(const struct root *root, const char *address, struct standing *ret);

/* Whether it fits the state on record. */
bool standing_fits(const struct standing *standing, const struct recorded *recorded);

/*
 * Whether the device is bound to the driver on record, whatever the state; a physical function
 * also has to be ready, since its own driver says nothing of virtual ones.
 */
bool standing_is_configured(const struct standing *standing, const struct recorded *recorded);

/* "vfio-pci", "no driver", "gone"; of a physical function on record "nvme, 3 VFs". The caller
 * frees it. */
char *standing_text(const struct standing *standing, const struct recorded *recorded);

#endif
