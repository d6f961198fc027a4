/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a device that is on record stands now. */
#ifndef PASSTHRU_APPLY_STANDING_H
#define PASSTHRU_APPLY_STANDING_H

#include <stdbool.h>

#include "facts/device.h"
#include "util/root.h"

struct standing {
	bool is_present;
	char driver[DRIVER_NAME_SIZE];   /* "" for none, "?" for a name that cannot be shown */
	char override[DRIVER_NAME_SIZE]; /* OVERRIDE_CLEARED for none */
};

/* Look at the device ADDRESS, which is a well-formed address. */
void standing_read(const struct root *root, const char *address, struct standing *ret);

/* Whether it fits the STATE on record, DRIVER being the one that was to have the device. */
bool standing_fits(const struct standing *standing, const char *state, const char *driver);

/* Whether DRIVER has the device: as wanted, whatever the record says. */
bool standing_is_as_wanted(const struct standing *standing, const char *driver);

/* "vfio-pci", "no driver", "gone" */
const char *standing_text(const struct standing *standing);

#endif
