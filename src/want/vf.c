/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/vf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define RANGES_MAX 256

static int parse_range(char *text, struct vf_range *ret)
{
	char *last = strchr(text, '-');

	if (last)
		*last++ = '\0';
	if (parse_decimal(text, VF_COUNT_MAX - 1, &ret->first) < 0 ||
	    parse_decimal(last ? last : text, VF_COUNT_MAX - 1, &ret->last) < 0)
		return -EINVAL;
	return ret->first <= ret->last ? 0 : -EINVAL;
}

static bool ranges_meet(const struct vf_range *a, const struct vf_range *b)
{
	return a->first <= b->last && b->first <= a->last;
}

static int add_range(struct vf_set *set, char *text)
{
	struct vf_range range;

	if (parse_range(text, &range) < 0 || set->count == RANGES_MAX)
		return -EINVAL;
	for (size_t i = 0; i < set->count; i++) {
		if (ranges_meet(&set->ranges[i], &range))
			return -EINVAL;
	}
	set->ranges = memory_grow(set->ranges, set->count, sizeof(range));
	set->ranges[set->count++] = range;
	return 0;
}

int vf_set_parse(const char *text, struct vf_set *ret)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct vf_set set = { 0 };
	char *rest = copy;
	int r = 0;

	for (char *word; r == 0 && (word = strsep(&rest, ", +"));) {
		if (*word)
			r = add_range(&set, word);
	}
	if (r == 0 && !set.count)
		r = -EINVAL;
	if (r < 0)
		vf_set_free(&set);
	else
		*ret = set;
	return r;
}

struct vf_set vf_set_of_all(uint32_t count)
{
	struct vf_set set = { .ranges = memory_new(1, sizeof(set.ranges[0])), .count = 1 };

	set.ranges[0].last = count - 1;
	return set;
}

bool vf_set_has(const struct vf_set *set, uint32_t number)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->ranges[i].first <= number && number <= set->ranges[i].last)
			return true;
	}
	return false;
}

static uint32_t range_size(const struct vf_range *range)
{
	return range->last - range->first + 1;
}

uint32_t vf_set_size(const struct vf_set *set)
{
	uint32_t size = 0;

	for (size_t i = 0; i < set->count; i++)
		size += range_size(&set->ranges[i]);
	return size;
}

uint32_t vf_set_position(const struct vf_set *set, uint32_t number)
{
	uint32_t before = 0;

	for (size_t i = 0; i < set->count; i++) {
		const struct vf_range *range = &set->ranges[i];

		if (range->first <= number && number <= range->last)
			return before + number - range->first;
		before += range_size(range);
	}
	return UINT32_MAX;
}

uint32_t vf_set_highest(const struct vf_set *set)
{
	uint32_t highest = 0;

	for (size_t i = 0; i < set->count; i++) {
		if (set->ranges[i].last > highest)
			highest = set->ranges[i].last;
	}
	return highest;
}

bool vf_sets_meet(const struct vf_set *a, const struct vf_set *b)
{
	for (size_t i = 0; i < a->count; i++) {
		for (size_t k = 0; k < b->count; k++) {
			if (ranges_meet(&a->ranges[i], &b->ranges[k]))
				return true;
		}
	}
	return false;
}

void vf_set_free(struct vf_set *set)
{
	free(set->ranges);
	*set = (struct vf_set){ 0 };
}
