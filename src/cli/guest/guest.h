/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each manager of guests is told to hand devices over. A new one is a row in fragments.c. */
#ifndef PASSTHRU_CLI_GUEST_GUEST_H
#define PASSTHRU_CLI_GUEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/device.h"

struct guest_device {
	const struct pci_device *device;
	const char *name; /* of the rule that means it; else made of its id */
	bool is_permissive;
};

struct guest {
	struct guest_device *devices; /* in the order of addresses */
	size_t count;
	bool in_dom0;
	uint32_t slot; /* that the first device is to have in the guest, the next ones behind it; 0:
			  any */
};

enum guest_host { GUEST_OF_ANY, GUEST_OF_XEN, GUEST_OF_KVM };

struct guest_format {
	const char *name;
	enum guest_host host; /* where such a guest can run */
	uint32_t domain_max;  /* of the addresses that it can name; Intel's VMD begins at 10000 */
	void (*print)(const struct guest *guest);
};

/* The format called NAME, or NULL. */
const struct guest_format *guest_format_find(const char *name);

/* "xl, libvirt, ..." The caller frees it. */
char *guest_format_names(void);

#endif
