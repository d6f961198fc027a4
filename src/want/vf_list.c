/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/vf_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define MAC_MULTICAST (1ULL << 40) /* the lowest bit of the first byte (IEEE 802) */

static bool can_be_range(enum vf_setting setting)
{
	return setting == VF_MAC || setting == VF_VLAN;
}

static bool is_unicast(uint64_t mac)
{
	return mac && !(mac & MAC_MULTICAST);
}

static int parse_range(enum vf_setting setting, char *text, struct vf_value_range *ret)
{
	char *last = can_be_range(setting) ? strchr(text, '-') : NULL;

	if (last)
		*last++ = '\0';
	if (vf_value_parse(setting, text, &ret->first) < 0 ||
	    vf_value_parse(setting, last ? last : text, &ret->last) < 0 || ret->first > ret->last)
		return -EINVAL;
	/* A range is far too short to go from one multicast bit to the next. */
	return setting != VF_MAC || (is_unicast(ret->first) && is_unicast(ret->last)) ? 0 : -EINVAL;
}

static bool ranges_meet(const struct vf_value_range *a, const struct vf_value_range *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static bool list_has(const struct vf_list *list, const struct vf_value_range *range)
{
	for (size_t i = 0; i < list->count; i++) {
		if (ranges_meet(&list->ranges[i], range))
			return true;
	}
	return false;
}

static int add_range(enum vf_setting setting, struct vf_list *list, char *text)
{
	struct vf_value_range range;

	if (parse_range(setting, text, &range) < 0 ||
	    range.last - range.first >= VF_COUNT_MAX - list->total ||
	    (setting == VF_MAC && list_has(list, &range)))
		return -EINVAL;
	list->ranges = memory_grow(list->ranges, list->count, sizeof(range));
	list->ranges[list->count++] = range;
	list->total += (uint32_t)(range.last - range.first) + 1;
	return 0;
}

int vf_list_parse(enum vf_setting setting, const char *text, struct vf_list *ret)
{
	_cleanup_free_ char *copy = memory_dup(text);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, ", +"));) {
		if (*word && add_range(setting, ret, word) < 0) {
			free(ret->ranges);
			*ret = (struct vf_list){ 0 };
			break;
		}
	}
	return ret->count ? 0 : -EINVAL;
}

char *vf_lists_check(const struct vf_lists *lists, const struct vf_set *set)
{
	uint32_t size = vf_set_size(set);

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		uint32_t total = lists->of[i].total;

		if (total && total != size && (total != 1 || i == VF_MAC))
			return memory_printf("has %u values in %s for %u VFs%s", total,
					     vf_setting_word(i), size,
					     i == VF_MAC ? ": each needs its own"
							 : ": give one for all, or one for each");
	}
	return NULL;
}

bool vf_lists_are_given(const struct vf_lists *lists)
{
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (lists->of[i].count)
			return true;
	}
	return false;
}

/* The one at POSITION, which the list has. */
static uint64_t value_at(const struct vf_list *list, uint32_t position)
{
	const struct vf_value_range *range = list->ranges;

	if (list->total == 1)
		return range->first;
	for (; position > range->last - range->first; range++)
		position -= (uint32_t)(range->last - range->first) + 1;
	return range->first + position;
}

struct vf_values vf_lists_pick(const struct vf_lists *lists, const struct vf_set *set,
			       uint32_t number)
{
	uint32_t position = vf_set_position(set, number);
	struct vf_values values = { 0 };

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		const struct vf_list *list = &lists->of[i];

		if (list->total == 1 || position < list->total)
			vf_values_set(&values, i, value_at(list, position));
	}
	return values;
}

struct vf_lists vf_lists_of_values(const struct vf_values *values)
{
	struct vf_lists lists = { 0 };

	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (!vf_values_have(values, i))
			continue;
		lists.of[i].ranges = memory_new(1, sizeof(*lists.of[i].ranges));
		*lists.of[i].ranges = (struct vf_value_range){ values->items[i], values->items[i] };
		lists.of[i].count = lists.of[i].total = 1;
	}
	return lists;
}

bool vf_list_meets(const struct vf_list *a, const struct vf_list *b)
{
	for (size_t i = 0; i < a->count; i++) {
		if (list_has(b, &a->ranges[i]))
			return true;
	}
	return false;
}

void vf_lists_free(struct vf_lists *lists)
{
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++)
		free(lists->of[i].ranges);
	*lists = (struct vf_lists){ 0 };
}
