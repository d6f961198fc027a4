/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/sriov.h"

#include <errno.h>

#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

/* 0 where there is no such attribute: the device has no SR-IOV. */
static uint16_t read_count(const struct root *root, struct pci_device *device, const char *name,
			   const char *attribute)
{
	_cleanup_free_ char *path = memory_printf(PCI_DEVICES "/%s/%s", name, attribute);
	uint32_t count = 0;
	char text[16];
	int r = root_read_attribute(root, path, text, sizeof(text));

	if (r >= 0 && parse_decimal(text, VF_COUNT_MAX, &count) < 0)
		r = -EBADMSG;
	if (r < 0 && !is_absent(r))
		device_note(device, UNREAD_GUARD, attribute, r);
	return (uint16_t)count;
}

static void note_virtual(const struct root *root, struct facts *facts, struct pci_device *physical,
			 const char *name, uint16_t number)
{
	_cleanup_free_ char *link = memory_printf(PCI_DEVICES "/%s/virtfn%u", name, number);
	struct pci_address address;
	char target[ADDRESS_SIZE];
	int r = root_link_name(root, link, target, sizeof(target));
	long index;

	if (r < 0 && r != -EINVAL && !is_absent(r))
		device_note(physical, UNREAD_GUARD, "all links virtfnN", r);
	if (r < 0 || address_parse(target, &address) < 0)
		return;
	if (facts_has_left_out(facts, &address))
		device_note(physical, UNREAD_GUARD, "all of its virtual functions", -ENODATA);
	index = facts_find(facts, &address);
	if (index < 0 || &facts->devices[index] == physical)
		return;
	facts->devices[index].is_virtual = true;
	facts->devices[index].physical = physical->address;
	facts->devices[index].vf_number = number;
}

void functions_survey(const struct root *root, struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];
		char name[ADDRESS_SIZE];

		address_format(&device->address, name);
		device->vf_total = read_count(root, device, name, "sriov_totalvfs");
		if (device->vf_total)
			device->vf_count = read_count(root, device, name, "sriov_numvfs");
		for (uint16_t n = 0; n < device->vf_count; n++)
			note_virtual(root, facts, device, name, n);
	}
}

void functions_read_physical(const struct root *directory, struct pci_device *device)
{
	char name[ADDRESS_SIZE];
	int r = device->is_virtual ? 0 : root_link_name(directory, "physfn", name, sizeof(name));

	if (r > 0)
		device->is_virtual = address_parse(name, &device->physical) == 0;
	if (r < 0 && !is_absent(r))
		device_note(device, UNREAD_GUARD, "physfn", r);
}
