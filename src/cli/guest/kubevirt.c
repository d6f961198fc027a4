/* SPDX-License-Identifier: GPL-2.0-or-later */
/* kubevirt.io/user-guide, Host Devices Assignment. */
#include <stdio.h>

#include "cli/guest/formats.h"
#include "cli/guest/names.h"
#include "util/cleanup.h"
#include "util/memory.h"

/*
 * What Kubernetes allows behind the slash (k8s.io/apimachinery/pkg/util/validation,
 * IsQualifiedName). The devices of one resource must be alike, and of different groups.
 */
static const struct name_form resource_form = { .size_max = 63 };

void guest_print_host_devices(const struct names *names)
{
	puts("spec:\n  domain:\n    devices:\n      hostDevices:");
	for (size_t i = 0; i < names->count; i++)
		printf("      - deviceName: \"%s\"\n        name: \"device%zu\"\n", names->items[i],
		       i);
}

static void get_resources(const struct guest *guest, struct names *ret)
{
	_cleanup_(names_free) struct names names = { 0 };

	guest_names(guest, &resource_form, &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *resource = memory_printf("passthru/%s", names.items[i]);

		names_add(ret, resource);
	}
}

void guest_print_kubevirt(const struct guest *guest)
{
	_cleanup_(names_free) struct names resources = { 0 };

	get_resources(guest, &resources);
	puts("apiVersion: kubevirt.io/v1\nkind: KubeVirt\nmetadata:\n  name: kubevirt\n"
	     "  namespace: kubevirt\nspec:\n  configuration:\n    permittedHostDevices:\n"
	     "      pciHostDevices:");
	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_device *device = guest->devices[i].device;

		if (guest_first_of_id(guest, i) == i)
			printf("      - pciVendorSelector: \"%04X:%04X\"\n"
			       "        resourceName: \"%s\"\n",
			       device->vendor, device->device, resources.items[i]);
	}
	puts("---");
	guest_print_host_devices(&resources);
}
