/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/heal.h"

#include <string.h>

bool heal_may_be_missed(const struct pci_device *device, bool on_network)
{
	return device_is_storage(device) || device_is_usb(device) ||
	       (on_network && device_is_network(device));
}

bool heal_is_allowed(const struct rule *rule, const struct pci_device *device)
{
	unsigned needed = device_is_network(device) ? ALLOW_NETWORK : ALLOW_STORAGE;

	return rule && rule->allow & needed;
}

/* Variants of vfio-pci are called after it: mlx5_vfio_pci, xe-vfio-pci. */
const struct stub *heal_stub_of(const char *name)
{
	const struct stub *stub = stub_find_driver(name);

	return !stub && strstr(name, "vfio") ? stub_find("vfio-pci") : stub;
}
