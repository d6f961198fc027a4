/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/ancestry.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

static bool note(const struct survey *survey, const char *name, enum need_kind kind,
		 const char *why)
{
	const struct pci_device *device;
	struct pci_address address;
	long index;

	if (address_parse(name, &address) < 0)
		return false;
	index = facts_find(survey->facts, &address);
	if (index < 0)
		return false;
	device = &survey->facts->devices[index];
	if (!device_is_infrastructure(device))
		needs_add(survey->needs, kind, device, "%s", why);
	return true;
}

/* A virtual function is there only as long as the driver of the physical one is. */
static void note_physical(const struct survey *survey, const char *name, enum need_kind kind,
			  const char *why)
{
	_cleanup_free_ char *link = memory_printf(PCI_DEVICES "/%s/physfn", name);
	char physical[ADDRESS_SIZE];

	if (reading_link_name(survey, link, physical, sizeof(physical)) >= 0)
		note(survey, physical, kind, why);
}

size_t ancestry_note(const struct survey *survey, const char *directory, enum need_kind kind,
		     const char *why)
{
	_cleanup_free_ char *copy = memory_dup(directory);
	char *rest = copy;
	size_t count = 0;

	for (char *name; (name = strsep(&rest, "/"));) {
		if (!note(survey, name, kind, why))
			continue;
		note_physical(survey, name, kind, why);
		count++;
	}
	return count;
}
