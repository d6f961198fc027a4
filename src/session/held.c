/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/held.h"

#include <stdio.h>
#include <stdlib.h>

#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/stub.h"

struct held_walk {
	struct held held;
	const char *driver;
};

/* Beside its devices the directory has what can be written to. */
static int add_device(const char *name, void *context)
{
	struct held_walk *walk = context;
	struct pci_address address;
	struct held_device *device;

	if (address_parse(name, &address) < 0)
		return 0;
	walk->held.items =
		memory_grow(walk->held.items, walk->held.count, sizeof(walk->held.items[0]));
	device = &walk->held.items[walk->held.count++];
	device->address = address;
	snprintf(device->driver, sizeof(device->driver), "%s", walk->driver);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct held_device *left = a, *right = b;

	return address_compare(&left->address, &right->address);
}

int held_read(const struct root *root, struct held *ret)
{
	_cleanup_(names_free) struct names drivers = { 0 };
	struct held_walk walk = { 0 };
	int r = listing_read(root, PCI_DRIVERS, "", &drivers);

	for (size_t i = 0; r == 0 && i < drivers.count; i++) {
		_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s", drivers.items[i]);

		walk.driver = drivers.items[i];
		if (stub_of_driver(walk.driver))
			r = root_each_entry(root, path, add_device, &walk);
	}
	if (r < 0)
		held_free(&walk.held);
	if (walk.held.count)
		qsort(walk.held.items, walk.held.count, sizeof(walk.held.items[0]), compare);
	*ret = walk.held;
	return r < 0 ? r : 0;
}

void held_free(struct held *held)
{
	free(held->items);
	*held = (struct held){ 0 };
}
