/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/overlap.h"

#include <stdbool.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/index.h"

static bool addresses_meet(const struct address_pattern *a, const struct address_pattern *b)
{
	return address_pattern_matches(a, &b->address) || address_pattern_matches(b, &a->address);
}

static bool fields_meet(uint32_t a, uint32_t b)
{
	return a == b || a == ID_ANY || b == ID_ANY;
}

static bool ids_meet(const struct id_pattern *a, const struct id_pattern *b)
{
	return fields_meet(a->vendor, b->vendor) && fields_meet(a->device, b->device) &&
	       fields_meet(a->subvendor, b->subvendor) && fields_meet(a->subdevice, b->subdevice);
}

static bool has_place(const struct selector *selector)
{
	return selector->has_address || selector->path;
}

/* Both say where it is, in the same way; or neither does, and both say what it is. */
static bool selectors_meet(const struct selector *a, const struct selector *b)
{
	if (a->has_id && b->has_id && !ids_meet(&a->id, &b->id))
		return false;
	if (a->has_address && b->has_address)
		return addresses_meet(&a->address, &b->address);
	if (a->path && b->path)
		return streq(a->path, b->path);
	return !has_place(a) && !has_place(b) && a->has_id && b->has_id;
}

static bool overlap(const struct rule *sriov, const struct rule *other)
{
	/*
	 * With other conditions they may be for different machines. On a machine that both are for,
	 * the plan settles it: a VF is that of the first rule that matches it (plan/match.h); on a
	 * PF that a [device] rule assigns no VFs are enabled, whichever rule comes first, and of
	 * two [sriov] rules the later one is refused (plan/sriov.c, sriov-taken).
	 */
	if (!conditions_equal(&sriov->conditions, &other->conditions) ||
	    !selectors_meet(&sriov->selector, &other->selector))
		return false;
	if (other->kind == RULE_SRIOV || !other->selector.vf.count)
		return true;
	return vf_sets_meet(&sriov->selector.vf, &other->selector.vf);
}

#define OVERLAP_NONE ((size_t)-1)

/* The look for an [sriov] rule that one rule overlaps with. */
struct overlap_search {
	const struct rule *rules;
	size_t count;
	const struct rule_index *index;
	const bool *is_left_out;
	size_t other; /* the rule */
	size_t found; /* the first one, or OVERLAP_NONE */
};

static void look_at(struct overlap_search *search, size_t index)
{
	const struct rule *sriov = &search->rules[index];
	const struct rule *other = &search->rules[search->other];

	if (sriov->kind == RULE_SRIOV && sriov != other && !search->is_left_out[index] &&
	    (other->kind != RULE_SRIOV || sriov < other) && overlap(sriov, other))
		search->found = index;
}

static void look_among(struct overlap_search *search, uint64_t key)
{
	const struct index_entry *entries;
	size_t count = rule_index_find(search->index, key, &entries);

	for (size_t i = 0; i < count && entries[i].rule < search->found; i++)
		look_at(search, entries[i].rule);
}

/* With any slot or any id it may overlap with whatever there is. */
static void look_by_key(uint64_t key, void *context)
{
	struct overlap_search *search = context;

	if (key != INDEX_KEY_ANY) {
		look_among(search, key);
		return;
	}
	for (size_t i = 0; i < search->count && i < search->found; i++)
		look_at(search, i);
}

void overlaps_find(const struct rule *rules, size_t count,
		   void (*function)(const struct rule *sriov, const struct rule *other,
				    void *context),
		   void *context)
{
	_cleanup_(rule_index_free) struct rule_index index;
	_cleanup_free_ bool *is_left_out = memory_new(count, sizeof(*is_left_out));

	rule_index_make(rules, count, &index);
	for (size_t i = 0; i < count; i++) {
		/* A driver's own option may name what is anybody's: it gets the rest. */
		if (rules[i].entry)
			continue;
		struct overlap_search search = {
			rules, count, &index, is_left_out, i, OVERLAP_NONE
		};

		look_among(&search, INDEX_KEY_ANY);
		index_each_key(&rules[i].selector, look_by_key, &search);
		if (search.found == OVERLAP_NONE)
			continue;
		function(&rules[search.found], &rules[i], context);
		is_left_out[i] = true;
	}
}
