/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/rescue.h"

bool rescue_may_be_missed(const struct pci_device *device, bool on_network)
{
	return device_is_storage(device) || device_is_usb(device) ||
	       (on_network && device_is_network(device));
}

bool rescue_is_allowed(const struct rule *rule, const struct pci_device *device)
{
	unsigned needed = device_is_network(device) ? ALLOW_NETWORK : ALLOW_STORAGE;

	return rule && rule->allow & needed;
}
