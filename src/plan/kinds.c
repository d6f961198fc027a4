/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/kinds.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/sorted.h"

static uint32_t key_of(uint32_t vendor, uint32_t device)
{
	return vendor << 16 | device;
}

static uint32_t key_of_device(const struct pci_device *device)
{
	return key_of(device->vendor, device->device);
}

/* The devices themselves are in the order of their addresses. */
static int compare_devices(const void *a, const void *b)
{
	const struct pci_device *left = *(const struct pci_device *const *)a;
	const struct pci_device *right = *(const struct pci_device *const *)b;
	uint32_t its = key_of_device(left), other = key_of_device(right);

	if (its != other)
		return its < other ? -1 : 1;
	return left < right ? -1 : left > right;
}

static int compare_keys(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return left < right ? -1 : left > right;
}

void kinds_make(const struct facts *facts, struct kinds *ret)
{
	struct kinds kinds = {
		.is_made = true,
		.items = memory_new(facts->device_count, sizeof(struct pci_device *)),
		.others = memory_new(facts->other_count, sizeof(*kinds.others)),
	};

	for_each_device(device, facts)
		kinds.items[kinds.count++] = device;
	for (size_t i = 0; i < facts->other_count; i++)
		kinds.others[kinds.other_count++] =
			key_of(facts->others[i].vendor, facts->others[i].device);
	if (kinds.count)
		qsort(kinds.items, kinds.count, sizeof(struct pci_device *), compare_devices);
	if (kinds.other_count)
		qsort(kinds.others, kinds.other_count, sizeof(*kinds.others), compare_keys);
	*ret = kinds;
}

static int compare_key(const void *key, const void *item)
{
	uint64_t wanted = *(const uint64_t *)key;
	uint32_t its = key_of_device(*(const struct pci_device *const *)item);

	return wanted < its ? -1 : wanted > its;
}

/* One more than 32 bits, so that there is a key behind all of them. */
static size_t count_before(const struct kinds *kinds, uint64_t key)
{
	return sorted_before(&key, kinds->items, kinds->count, sizeof(struct pci_device *),
			     compare_key);
}

struct device_list kinds_find(const struct kinds *kinds, const struct id_pattern *id)
{
	bool any_vendor = id->vendor == ID_ANY, any_device = any_vendor || id->device == ID_ANY;
	uint32_t low = key_of(any_vendor ? 0 : id->vendor, any_device ? 0 : id->device);
	uint32_t high = key_of(any_vendor ? 0xffff : id->vendor, any_device ? 0xffff : id->device);
	size_t first = count_before(kinds, low), end = count_before(kinds, (uint64_t)high + 1);

	return (struct device_list){ kinds->count ? kinds->items + first : NULL, end - first };
}

bool kinds_have_other(const struct kinds *kinds, const struct id_pattern *id)
{
	uint32_t key = key_of(id->vendor, id->device);

	return kinds->other_count && id->vendor != ID_ANY && id->device != ID_ANY &&
	       bsearch(&key, kinds->others, kinds->other_count, sizeof(key), compare_keys);
}

void kinds_free(struct kinds *kinds)
{
	free(kinds->items);
	free(kinds->others);
	*kinds = (struct kinds){ 0 };
}
