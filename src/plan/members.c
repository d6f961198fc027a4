/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/members.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/sorted.h"

/* The devices themselves are in the order of their addresses. */
static int compare(const void *a, const void *b)
{
	const struct pci_device *left = *(const struct pci_device *const *)a;
	const struct pci_device *right = *(const struct pci_device *const *)b;

	if (left->group != right->group)
		return left->group < right->group ? -1 : 1;
	return left < right ? -1 : left > right;
}

struct awaiting {
	size_t place;
	const struct pci_device *device;
};

static int compare_places(const void *a, const void *b)
{
	const struct awaiting *left = a, *right = b;

	if (left->place != right->place)
		return left->place < right->place ? -1 : 1;
	return left->device < right->device ? -1 : left->device > right->device;
}

static void list_awaiting(const struct facts *facts, struct groups *groups)
{
	_cleanup_free_ struct awaiting *awaiting = NULL;

	for_each_device(device, facts) {
		if (!device->group_awaits_bind)
			continue;
		awaiting = memory_grow(awaiting, groups->awaiting_count, sizeof(*awaiting));
		awaiting[groups->awaiting_count++] =
			(struct awaiting){ facts_place(facts, device), device };
	}
	if (!awaiting)
		return;
	qsort(awaiting, groups->awaiting_count, sizeof(*awaiting), compare_places);
	groups->awaiting = memory_new(groups->awaiting_count, sizeof(struct pci_device *));
	groups->places = memory_new(groups->awaiting_count, sizeof(*groups->places));
	for (size_t i = 0; i < groups->awaiting_count; i++) {
		groups->awaiting[i] = awaiting[i].device;
		groups->places[i] = awaiting[i].place;
	}
}

void groups_make(const struct facts *facts, struct groups *ret)
{
	struct groups groups = {
		.items = memory_new(facts->device_count, sizeof(struct pci_device *)),
	};

	for_each_device(device, facts) {
		if (device->group != GROUP_NONE)
			groups.items[groups.count++] = device;
	}
	if (groups.count)
		qsort(groups.items, groups.count, sizeof(struct pci_device *), compare);
	list_awaiting(facts, &groups);
	*ret = groups;
}

static int compare_group(const void *key, const void *item)
{
	int wanted = *(const int *)key, its = (*(const struct pci_device *const *)item)->group;

	return wanted < its ? -1 : wanted > its;
}

/* The first of them whose group is not below GROUP. */
static size_t lower_bound(const struct groups *groups, int group)
{
	return sorted_before(&group, groups->items, groups->count, sizeof(struct pci_device *),
			     compare_group);
}

struct device_list groups_members(const struct groups *groups, int group)
{
	size_t first = group == GROUP_NONE ? groups->count : lower_bound(groups, group),
	       end = first;

	while (end < groups->count && groups->items[end]->group == group)
		end++;
	return (struct device_list){ groups->count ? groups->items + first : NULL, end - first };
}

static int compare_place(const void *key, const void *place)
{
	size_t wanted = *(const size_t *)key, its = *(const size_t *)place;

	return wanted < its ? -1 : wanted > its;
}

/* The number of those at places before PLACE. */
static size_t count_before(const struct groups *groups, size_t place)
{
	return sorted_before(&place, groups->places, groups->awaiting_count, sizeof(place),
			     compare_place);
}

struct device_list groups_awaiting(const struct groups *groups, size_t place)
{
	size_t first = count_before(groups, place);

	return (struct device_list){ groups->awaiting ? groups->awaiting + first : NULL,
				     count_before(groups, place + 1) - first };
}

void groups_free(struct groups *groups)
{
	free(groups->items);
	free(groups->awaiting);
	free(groups->places);
	*groups = (struct groups){ 0 };
}
