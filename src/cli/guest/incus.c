/* SPDX-License-Identifier: GPL-2.0-or-later */
/* linuxcontainers.org/incus/docs, Type: pci */
#include <stdio.h>

#include "cli/guest/formats.h"
#include "cli/guest/names.h"
#include "util/cleanup.h"

/* incus/shared/validate, IsDeviceName */
static const struct name_form device_form = { .size_max = 63, .is_of_device = true };

/* The other types, gpu and nic, want a device with the host's driver. */
void guest_print_incus(const struct guest *guest)
{
	_cleanup_(names_free) struct names names = { 0 };
	char address[ADDRESS_SIZE];

	guest_names(guest, &device_form, &names);
	puts("# For `incus config edit` of a virtual machine, or `incus profile edit`:\ndevices:");
	for (size_t i = 0; i < guest->count; i++)
		printf("  \"%s\":\n    type: pci\n    address: \"%s\"\n", names.items[i],
		       guest_address(guest, i, address));
}
