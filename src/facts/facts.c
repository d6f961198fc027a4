/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/sorted.h"
#include "util/text.h"

#define BUSES_OF_DOMAIN 256

static int compare_devices(const void *a, const void *b)
{
	const struct pci_device *left = a, *right = b;

	return address_compare(&left->address, &right->address);
}

/*
 * Links that were not made by a kernel can name a device as its own parent, or pile bridges up
 * without end: a domain has 256 buses.
 */
static void cut_circle(const struct facts *facts, struct pci_device *device)
{
	const struct pci_device *above = device;
	size_t hops = 0;

	while ((above = facts_parent(facts, above)) && hops < BUSES_OF_DOMAIN - 1)
		hops++;
	if (above)
		device->has_parent = false;
}

/* The length of the path of the device whose driver made the domain of DEVICE; 0: none did. */
static size_t owner_length(const struct pci_device *device)
{
	const char *domain = device->path ? strstr(device->path, "/pci") : NULL;

	return domain ? (size_t)(domain - device->path) : 0;
}

/* The devices themselves are in the order of their addresses. */
static int compare_paths(const void *a, const void *b)
{
	const struct pci_device *left = *(const struct pci_device *const *)a;
	const struct pci_device *right = *(const struct pci_device *const *)b;
	int order = strcmp(left->path, right->path);

	return order ? order : (left > right) - (left < right);
}

/* Compare what the path of DEVICE begins with to the whole of another one's. */
static int compare_owner(const void *device, const void *item)
{
	const struct pci_device *nested = device, *other = *(struct pci_device *const *)item;
	size_t length = owner_length(nested);
	int order = strncmp(nested->path, other->path, length);

	return order || !other->path[length] ? order : -1;
}

/*
 * The devices by their paths; of several with one, the first. Paths do not name the bus, and a
 * virtual function can be on another one than the physical one that it is next to in sysfs
 * (linux/drivers/pci/iov.c virtfn_add_bus).
 */
static size_t list_by_path(struct facts *facts, struct pci_device **by_path)
{
	size_t count = 0, kept = 0;

	for (size_t i = 0; i < facts->device_count; i++) {
		if (facts->devices[i].path)
			by_path[count++] = &facts->devices[i];
	}
	qsort(by_path, count, sizeof(struct pci_device *), compare_paths);
	for (size_t i = 0; i < count; i++) {
		if (!kept || !streq(by_path[kept - 1]->path, by_path[i]->path))
			by_path[kept++] = by_path[i];
	}
	return kept;
}

static void find_owners(struct facts *facts)
{
	_cleanup_free_ struct pci_device **by_path =
		memory_new(facts->device_count, sizeof(struct pci_device *));
	size_t count = list_by_path(facts, by_path);

	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i], **owner = NULL;

		if (owner_length(device))
			owner = bsearch(device, by_path, count, sizeof(struct pci_device *),
					compare_owner);
		device->domain_owner = owner ? (uint32_t)(*owner - facts->devices) + 1 : 0;
	}
}

void facts_sort(struct facts *facts)
{
	bool has_nested = false;

	if (facts->device_count)
		qsort(facts->devices, facts->device_count, sizeof(facts->devices[0]),
		      compare_devices);
	for (size_t i = 0; i < facts->device_count; i++) {
		cut_circle(facts, &facts->devices[i]);
		has_nested |= owner_length(&facts->devices[i]) > 0;
	}
	if (has_nested)
		find_owners(facts);
}

long facts_find(const struct facts *facts, const struct pci_address *address)
{
	struct pci_device probe = { .address = *address };
	const struct pci_device *found = NULL;

	if (facts->device_count)
		found = bsearch(&probe, facts->devices, facts->device_count, sizeof(probe),
				compare_devices);
	return found ? found - facts->devices : -ENOENT;
}

int facts_check_class_link(int result, const char *target)
{
	if (result < 0)
		return result;
	return strstr(target, "devices/") ? 0 : -ELOOP;
}

/* The last function on the way in LINK that is a device of FACTS, or one of the others. */
static bool find_last(const struct facts *facts, const char *link, struct pci_address *ret)
{
	_cleanup_free_ char *copy = memory_dup(link);
	char *rest = copy;
	bool is_found = false;

	for (char *hop; (hop = strsep(&rest, "/"));) {
		struct pci_address address;

		if (address_parse(hop, &address) < 0 ||
		    (facts_find(facts, &address) < 0 && !facts_find_other(facts, &address)))
			continue;
		*ret = address;
		is_found = true;
	}
	return is_found;
}

const struct pci_device *facts_device_of_link(const struct facts *facts, const char *link)
{
	struct pci_address address;
	long index = find_last(facts, link, &address) ? facts_find(facts, &address) : -ENOENT;

	return index >= 0 ? &facts->devices[index] : NULL;
}

bool facts_link_is_of_other(const struct facts *facts, const char *link)
{
	struct pci_address address;

	return find_last(facts, link, &address) && facts_find_other(facts, &address);
}

static int compare_others(const void *a, const void *b)
{
	const struct other_device *left = a, *right = b;

	return address_compare(&left->address, &right->address);
}

void facts_sort_others(struct facts *facts)
{
	if (facts->other_count)
		qsort(facts->others, facts->other_count, sizeof(facts->others[0]), compare_others);
}

/* The first of the others that is not before ADDRESS. */
static size_t find_among_others(const struct facts *facts, const struct pci_address *address)
{
	const struct other_device sought = { .address = *address };

	return sorted_before(&sought, facts->others, facts->other_count, sizeof(sought),
			     compare_others);
}

struct other_device *facts_find_other(const struct facts *facts, const struct pci_address *address)
{
	size_t i = find_among_others(facts, address);

	return i < facts->other_count && address_compare(&facts->others[i].address, address) == 0
		       ? &facts->others[i]
		       : NULL;
}

bool facts_has_other_on_bus(const struct facts *facts, const struct pci_address *address)
{
	const struct pci_address bus = { .domain = address->domain, .bus = address->bus };
	size_t i = find_among_others(facts, &bus);

	return i < facts->other_count && facts->others[i].address.domain == bus.domain &&
	       facts->others[i].address.bus == bus.bus;
}

bool facts_has_other_of(const struct facts *facts, uint32_t vendor, uint32_t device)
{
	for (size_t i = 0; i < facts->other_count; i++) {
		if (facts->others[i].vendor == vendor && facts->others[i].device == device)
			return true;
	}
	return false;
}

bool facts_has_left_out(const struct facts *facts, const struct pci_address *address)
{
	for (size_t i = 0; i < facts->left_out_count; i++) {
		if (address_compare(&facts->left_out[i], address) == 0)
			return true;
	}
	return false;
}

void facts_note(struct facts *facts, char **unread, const char *what, int error)
{
	if (*unread)
		return;
	*unread = memory_printf("could not read /%s: %s", what, strerror(-error));
	findings_add(&facts->findings, FINDING_UNREADABLE, "%s", *unread);
}

bool facts_in_dom0(const struct facts *facts)
{
	return facts->platform != PLATFORM_BARE;
}

bool facts_groups_await_bind(const struct facts *facts)
{
	return !facts_in_dom0(facts) && facts->iommu_kind == IOMMU_KIND_SMMU &&
	       facts->iommu_state == IOMMU_STATE_ON;
}

const struct pci_device *facts_parent(const struct facts *facts, const struct pci_device *device)
{
	long index = device->has_parent ? facts_find(facts, &device->parent) : -ENOENT;

	return index >= 0 ? &facts->devices[index] : NULL;
}

/* The bridge on a root bus that DEVICE is below, NULL for none. */
static const struct pci_device *top_bridge(const struct facts *facts,
					   const struct pci_device *device)
{
	const struct pci_device *top = NULL;

	while ((device = facts_parent(facts, device)))
		top = device;
	return top;
}

size_t facts_place(const struct facts *facts, const struct pci_device *device)
{
	const struct pci_device *top = top_bridge(facts, device), *first = top ? top : device;

	while (!top && first > facts->devices &&
	       address_same_slot(&first[-1].address, &device->address))
		first--;
	return (size_t)(first - facts->devices) * 2 + (top != NULL);
}

const struct pci_device *facts_domain_owner(const struct facts *facts,
					    const struct pci_device *device)
{
	return device->domain_owner ? &facts->devices[device->domain_owner - 1] : NULL;
}

const struct pci_device *facts_physical(const struct facts *facts, const struct pci_device *device)
{
	long index = device->is_virtual ? facts_find(facts, &device->physical) : -ENOENT;

	return index >= 0 ? &facts->devices[index] : NULL;
}

const char *facts_unread_of(const struct facts *facts, const struct pci_device *device)
{
	const struct pci_device *physical = facts_physical(facts, device);

	if (facts->unread)
		return facts->unread;
	if (device->unread[UNREAD_GUARD])
		return device->unread[UNREAD_GUARD];
	return physical ? physical->unread[UNREAD_GUARD] : NULL;
}

void facts_free(struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++)
		device_free(&facts->devices[i]);
	free(facts->devices);
	free(facts->unread);
	free(facts->unread_consoles);
	free(facts->unread_framebuffer);
	free(facts->left_out);
	free(facts->others);
	machine_free(&facts->machine);
	needs_free(&facts->needs);
	findings_free(&facts->findings);
	findings_free(&facts->iommu_findings);
	*facts = (struct facts){ 0 };
}
