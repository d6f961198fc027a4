/* SPDX-License-Identifier: GPL-2.0-or-later */
/* proxmox/pve-guest-common, src/PVE/Mapping/PCI.pm; the file has no comments. */
#include <stdio.h>
#include <string.h>

#include "cli/guest/formats.h"
#include "cli/guest/names.h"
#include "util/cleanup.h"

/* PVE::JSONSchema, pve-configid */
static const struct name_form id_form = { .size_max = 64,
					  .has_no_dots = true,
					  .begins_with_letter = true };

/* All of one id are one mapping, of which a guest gets the first that is free. */
static void print_map(const struct guest *guest, size_t index)
{
	const struct pci_device *device = guest->devices[index].device;
	char address[ADDRESS_SIZE];

	printf("\tmap id=%04x:%04x", device->vendor, device->device);
	if (device->group != GROUP_NONE)
		printf(",iommugroup=%d", device->group);
	/* the name of a node of Proxmox VE is that of the host without its domain */
	printf(",node=%.*s,path=%s,subsystem-id=%04x:%04x\n", (int)strcspn(guest->node, "."),
	       guest->node, guest_address(guest, index, address), device->subvendor,
	       device->subdevice);
}

void guest_print_proxmox_mapping(const struct guest *guest)
{
	_cleanup_(names_free) struct names names = { 0 };

	guest_names(guest, &id_form, &names);
	for (size_t i = 0; i < guest->count; i++) {
		if (guest_first_of_id(guest, i) != i)
			continue;
		puts(names.items[i]);
		for (size_t j = i; j < guest->count; j++) {
			if (guest_first_of_id(guest, j) == i)
				print_map(guest, j);
		}
		putchar('\n');
	}
}
