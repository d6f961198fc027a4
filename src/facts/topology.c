/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/topology.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

enum {
	CONFIG_STATUS = 0x06,
	CONFIG_STATUS_CAPABILITIES = 0x10,
	CONFIG_HEADER_TYPE = 0x0e,
	CONFIG_HEADER_BRIDGE = 0x01,
	CONFIG_CAPABILITIES = 0x34,
	CONFIG_HEADER_SIZE = 0x40,
	CAPABILITY_PCIE = 0x10,
	PCIE_TYPE_TO_PCI = 7,
	CAPABILITIES_MAX = 48, /* as many as fit: a chain that is longer goes in circles */
};

#define OFFSET_UNREAD SIZE_MAX

/* The offset of the PCI Express capability; 0: none; OFFSET_UNREAD: it may be behind LENGTH. */
static size_t find_pcie(const uint8_t *config, size_t length)
{
	size_t offset = config[CONFIG_CAPABILITIES] & ~3u;

	if (!(config[CONFIG_STATUS] & CONFIG_STATUS_CAPABILITIES))
		return 0;
	for (size_t i = 0; i < CAPABILITIES_MAX && offset >= CONFIG_HEADER_SIZE; i++) {
		if (offset + 4 > length)
			return OFFSET_UNREAD;
		if (config[offset] == CAPABILITY_PCIE)
			return offset;
		offset = config[offset + 1] & ~3u;
	}
	return 0;
}

bool topology_is_conventional_bridge(const uint8_t *config, size_t length)
{
	size_t pcie;

	if (length < CONFIG_HEADER_SIZE ||
	    (config[CONFIG_HEADER_TYPE] & 0x7f) != CONFIG_HEADER_BRIDGE)
		return false;
	pcie = find_pcie(config, length);
	if (pcie == OFFSET_UNREAD)
		return false;
	return pcie == 0 || config[pcie + 2] >> 4 == PCIE_TYPE_TO_PCI;
}

bool topology_resets_alone(const char *methods)
{
	static const char *const alone[] = { "device_specific", "acpi", "flr", "af_flr", "pm" };

	while (*methods) {
		size_t length = strcspn(methods, " ");

		for (size_t i = 0; i < ARRAY_SIZE(alone); i++) {
			if (strlen(alone[i]) == length && strncmp(methods, alone[i], length) == 0)
				return true;
		}
		methods += length;
		methods += strspn(methods, " ");
	}
	return false;
}

enum reset topology_reset(const char *methods)
{
	if (!*methods)
		return RESET_NONE;
	return streq(methods, "pm") ? RESET_WEAK : RESET_GOOD;
}

static bool is_same_slot(const struct pci_device *a, const struct pci_device *b)
{
	return address_same_slot(&a->address, &b->address);
}

/* The topmost conventional bridge above DEVICE, or DEVICE's own if it is one; NULL without. */
static const struct pci_device *find_bridge(const struct facts *facts,
					    const struct pci_device *device)
{
	const struct pci_device *top = NULL;

	for (; device; device = facts_parent(facts, device)) {
		if (device->is_conventional_bridge)
			top = device;
	}
	return top;
}

/* The first function of DEVICE's slot, if one of the slot's functions cannot be reset alone. */
static const struct pci_device *find_slot(const struct facts *facts,
					  const struct pci_device *device)
{
	const struct pci_device *first = device, *last = device;
	const struct pci_device *end = facts->devices + facts->device_count;
	bool all_alone = true;

	while (first > facts->devices && is_same_slot(first - 1, device))
		first--;
	while (last + 1 < end && is_same_slot(last + 1, device))
		last++;
	for (const struct pci_device *d = first; d <= last; d++)
		all_alone &= d->resets_alone;
	return all_alone ? device : first;
}

void topology_derive_groups(struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];
		const struct pci_device *leader = find_bridge(facts, device);

		if (!leader)
			leader = find_slot(facts, device);
		device->group = (int)(leader - facts->devices);
	}
}
