/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How each manager of guests is told to hand devices over. A new one is a row in formats.c. */
#ifndef PASSTHRU_CLI_GUEST_GUEST_H
#define PASSTHRU_CLI_GUEST_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/device.h"
#include "system/root.h"
#include "util/names.h"
#include "want/stub.h"

struct guest_device {
	const struct pci_device *device;
	const char *name; /* of the rule that means it; else made of its id */
	bool is_permissive;
	bool is_assignable; /* now: it is bound to a stub driver for guests of this host */
	char *node;         /* of its own (probe/vfio_node.h), below the root; or NULL */
};

struct guest {
	struct guest_device *devices; /* in the order of addresses */
	size_t count;
	bool in_dom0;
	const struct root *root; /* of the host */
	const char *node;        /* the host's name in its cluster, where the format needs it */
	uint32_t slot; /* that the first device is to have in the guest, the next ones behind it; 0:
			  any */
};

struct guest_format {
	const char *name;
	enum hypervisor_kind hypervisor; /* that runs such a guest */
	uint32_t domain_max; /* of the addresses that it can name; Intel's VMD begins at 10000 */
	bool needs_node;     /* guest.node */
	void (*print)(const struct guest *guest);
};

/* The format called NAME, or NULL. */
const struct guest_format *guest_format_find(const char *name);

/* Append to NAMES those of all formats. */
void guest_list_formats(struct names *names);

#endif
