/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/inventory.h"

#include <string.h>

#include "util/memory.h"

char *inventory_sriov(const struct item *item)
{
	const struct pci_device *device = item->device;
	char name[ADDRESS_SIZE];

	if (device->is_virtual)
		return memory_printf("virtual function %u of %s", device->vf_number,
				     address_format(&device->physical, name));
	if (device->vf_total)
		return memory_printf("%u of %u virtual functions", device->vf_count,
				     device->vf_total);
	return NULL;
}

const struct item *inventory_next_member(const struct inventory *inventory, const struct item *item,
					 size_t *next)
{
	while (*next < inventory->count) {
		const struct item *other = &inventory->items[(*next)++];

		if (other != item && other->device->group == item->device->group &&
		    item->device->group != GROUP_NONE)
			return other;
	}
	return NULL;
}

const struct need *inventory_next_need(const struct inventory *inventory, const struct item *item,
				       size_t *next)
{
	const struct needs *needs = &inventory->session.facts.needs;

	while (item->device->path && *next < needs->count) {
		const struct need *need = &needs->items[(*next)++];

		if (strcmp(need->path, item->device->path) == 0)
			return need;
	}
	return NULL;
}

char *inventory_group(const struct item *item)
{
	if (item->device->group == GROUP_NONE)
		return memory_dup(item->device->group_awaits_bind ? "?" : "-");
	return memory_printf("%d", item->device->group);
}

const char *inventory_address(const struct inventory *inventory, const struct item *item,
			      char buffer[static ADDRESS_SIZE])
{
	const struct facts *facts = &inventory->session.facts;
	/* They are in order. */
	bool is_short = facts->devices[facts->device_count - 1].address.domain == 0;

	address_format(&item->device->address, buffer);
	return is_short ? strchr(buffer, ':') + 1 : buffer;
}

bool inventory_is_bridge(const struct item *item)
{
	return item->device->class >> 8 == CLASS_PCI_BRIDGE;
}

bool inventory_is_marked(const struct item *item)
{
	return item->use.kind == USE_TAKEN || item->use.kind == USE_RULE ||
	       item->use.kind == USE_HOST || item->use.kind == USE_OTHER;
}
