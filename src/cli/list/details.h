/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What else there is to know of a device: its link, its NUMA node, what is at it, its modules. */
#ifndef PASSTHRU_CLI_LIST_DETAILS_H
#define PASSTHRU_CLI_LIST_DETAILS_H

#include <stddef.h>

#include "cli/list/inventory.h"
#include "util/names.h"

/* A disk, an interface, a USB device or a display; texts are escaped. */
struct attached {
	const char *kind;
	char *name;  /* "nvme0n1" */
	char *about; /* model of a disk or USB device, state of an interface or a display; or "" */
};

struct details {
	/* Of PCI Express, as sysfs has it: "8.0 GT/s PCIe", "16"; "" where it says nothing. */
	char speed[32], width[8], max_speed[32], max_width[8];
	int numa_node; /* negative: none */
	struct attached *attached;
	size_t attached_count;
	struct names modules; /* that have a driver for it */
};

/* Read those of all devices that are shown. */
void details_read(struct inventory *inventory);

/* "8.0 GT/s PCIe x8 of 16.0 GT/s PCIe x16"; NULL without a link. The caller frees it. */
char *details_link(const struct details *details);

/* DETAILS may be NULL. */
void details_free(struct details *details);

#endif
