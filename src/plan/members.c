/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/members.h"

#include <stdlib.h>

#include "util/memory.h"

/* The devices themselves are in the order of their addresses. */
static int compare(const void *a, const void *b)
{
	const struct pci_device *left = *(const struct pci_device *const *)a;
	const struct pci_device *right = *(const struct pci_device *const *)b;

	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	return left < right ? -1 : left > right;
}

void groups_make(const struct facts *facts, struct groups *ret)
{
	struct groups groups = {
		.items = memory_new(facts->device_count, sizeof(*groups.items)),
		.awaiting = memory_new(facts->device_count, sizeof(*groups.awaiting)),
	};

	for_each_device(device, facts) {
		if (device->group != GROUP_NONE)
			groups.items[groups.count++] = device;
		if (device->group_awaits_bind)
			groups.awaiting[groups.awaiting_count++] = device;
	}
	if (groups.count)
		qsort(groups.items, groups.count, sizeof(*groups.items), compare);
	*ret = groups;
}

/* The first of them whose group is not below GROUP. */
static size_t lower_bound(const struct groups *groups, int group)
{
	size_t low = 0, high = groups->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (groups->items[middle]->group < group)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct device_list groups_members(const struct groups *groups, int group)
{
	size_t first = group == GROUP_NONE ? groups->count : lower_bound(groups, group),
	       end = first;

	while (end < groups->count && groups->items[end]->group == group)
		end++;
	return (struct device_list){ groups->count ? groups->items + first : NULL, end - first };
}

struct device_list groups_awaiting(const struct groups *groups)
{
	return (struct device_list){ groups->awaiting, groups->awaiting_count };
}

void groups_free(struct groups *groups)
{
	free(groups->items);
	free(groups->awaiting);
	*groups = (struct groups){ 0 };
}
