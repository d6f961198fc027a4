/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/shared_mac.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"

struct given_macs {
	struct vf_value_range range;
	const struct rule *rule;
};

static size_t count_ranges(const struct rule *rules, size_t count)
{
	size_t total = 0;

	for (size_t i = 0; i < count; i++)
		total += rules[i].lists.of[VF_MAC].count;
	return total;
}

static int compare(const void *left, const void *right)
{
	const struct given_macs *a = left, *b = right;

	return (a->range.first > b->range.first) - (a->range.first < b->range.first);
}

static struct given_macs *sort_ranges(const struct rule *rules, size_t count, size_t total)
{
	struct given_macs *given = memory_new(total, sizeof(*given)), *next = given;

	for (size_t i = 0; i < count; i++) {
		const struct vf_list *list = &rules[i].lists.of[VF_MAC];

		for (size_t k = 0; k < list->count; k++)
			*next++ = (struct given_macs){ list->ranges[k], &rules[i] };
	}
	qsort(given, total, sizeof(*given), compare);
	return given;
}

void shared_macs_find(const struct rule *rules, size_t count,
		      void (*function)(const struct rule *rule, const struct rule *other,
				       void *context),
		      void *context)
{
	size_t total = count_ranges(rules, count);
	_cleanup_free_ struct given_macs *given = sort_ranges(rules, count, total);

	for (size_t i = 0; i < total; i++) {
		size_t k = i + 1;

		while (k < total && given[k].range.first <= given[i].range.last &&
		       !conditions_equal(&given[i].rule->conditions, &given[k].rule->conditions))
			k++;
		if (k == total || given[k].range.first > given[i].range.last)
			continue;
		if (given[i].rule < given[k].rule)
			function(given[i].rule, given[k].rule, context);
		else
			function(given[k].rule, given[i].rule, context);
	}
}
