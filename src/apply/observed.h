/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How a device that is on record stands now. */
#ifndef PASSTHRU_APPLY_OBSERVED_H
#define PASSTHRU_APPLY_OBSERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/decision.h"
#include "system/root.h"

/* What the record says of it. */
struct recorded {
	enum state state;
	const char *driver;
	uint32_t vfs; /* how many virtual functions it is to have; 0 if it is no physical one */
};

struct observed {
	bool is_present;
	uint32_t vfs;                    /* how many virtual functions it has */
	char driver[DRIVER_NAME_SIZE];   /* "" for none, "?" if unknown, or no name to be shown */
	char override[DRIVER_NAME_SIZE]; /* OVERRIDE_CLEARED for none */
	int error;                       /* negative errno: this could not be read, and why */
	char unread[DEVICE_FILE_SIZE];   /* without a leading slash */
};

/* Look at the device ADDRESS. Only -ENOENT says that something is not there. */
void observed_read(const struct root *root, const struct pci_address *address,
		   struct observed *ret);

/* The text says what could not be read, and why. The caller frees it; NULL if all could be. */
char *observed_error(const struct observed *observed);

/* Whether it fits the state on record; nothing fits one that is unknown, nor one that depends on
 * what could not be read. */
bool observed_fits(const struct observed *observed, const struct recorded *recorded);

/*
 * Whether the device is bound to the driver on record, whatever the state; a physical function
 * also has to be ready, since its own driver says nothing of virtual ones.
 */
bool observed_is_configured(const struct observed *observed, const struct recorded *recorded);

/* "vfio-pci", "no driver", "gone", "?"; of a physical function on record "nvme, 3 VFs". The caller
 * frees it. */
char *observed_text(const struct observed *observed, const struct recorded *recorded);

#endif
