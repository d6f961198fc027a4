/* SPDX-License-Identifier: GPL-2.0-or-later */
/* docs.openstack.org/nova, Configuration Options, pci; nova/pci/request.py, _ALIAS_SCHEMA */
#include <stdio.h>

#include "cli/guest/formats.h"
#include "cli/guest/names.h"
#include "util/cleanup.h"

/* A flavor has it before a colon. */
static const struct name_form alias_form = { .size_max = 255 };

static const char *device_type(const struct pci_device *device)
{
	if (device->is_virtual)
		return "type-VF";
	return device->vf_total ? "type-PF" : "type-PCI";
}

/* The compute node's devices, then the aliases that flavors name, of which the API knows too. */
void guest_print_nova(const struct guest *guest)
{
	_cleanup_(names_free) struct names names = { 0 };
	char address[ADDRESS_SIZE];

	guest_names(guest, &alias_form, &names);
	puts("[pci]");
	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_device *device = guest->devices[i].device;

		printf("device_spec = { \"vendor_id\": \"%04x\", \"product_id\": \"%04x\", "
		       "\"address\": \"%s\" }\n",
		       device->vendor, device->device, guest_address(guest, i, address));
	}
	puts("# Also for nova-api; in a flavor: pci_passthrough:alias=NAME:COUNT");
	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_device *device = guest->devices[i].device;

		if (guest_first_of_id(guest, i) == i)
			printf("alias = { \"name\": \"%s\", \"vendor_id\": \"%04x\", "
			       "\"product_id\": \"%04x\", \"device_type\": \"%s\" }\n",
			       names.items[i], device->vendor, device->device, device_type(device));
	}
}
