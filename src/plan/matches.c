/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules and devices, looked up in each other. */
#include <stdlib.h>
#include <string.h>

#include "plan/match.h"
#include "util/cleanup.h"
#include "util/memory.h"

void matcher_make(const struct want *want, struct matcher *ret)
{
	*ret = (struct matcher){ .want = want };
	rule_index_make(want->rules, want->rule_count, &ret->index);
}

void matcher_free(struct matcher *matcher)
{
	rule_index_free(&matcher->index);
}

/* One device that rules are looked up for. */
struct search {
	const struct matcher *matcher;
	const struct facts *facts;
	const struct pci_device *device;
	/* Gets each rule that may match. Returns whether later ones with the same key do not count.
	 */
	bool (*look)(size_t rule, struct search *search);
	size_t found;            /* the first rule, or RULE_NONE */
	struct matches *matches; /* of matches_make() */
};

static void look_by_key(struct search *search, uint64_t key)
{
	const struct index_entry *entries;
	size_t count = rule_index_find(&search->matcher->index, key, &entries);

	for (size_t i = 0; i < count; i++) {
		if (search->look(entries[i].rule, search))
			return;
	}
}

static void look_for(struct search *search, const struct pci_device *device)
{
	look_by_key(search, index_key_of_address(&device->address));
	look_by_key(search, index_key_of_id(device->vendor, device->device));
	if (device->path)
		look_by_key(search, index_key_of_path(device->path));
}

/* By what it is, by its physical function, and by the bridges above. Some come more than once. */
static void look_everywhere(struct search *search)
{
	const struct pci_device *above = search->device;
	const struct pci_device *physical = facts_physical(search->facts, above);

	look_by_key(search, INDEX_KEY_ANY);
	look_for(search, search->device);
	if (physical)
		look_for(search, physical);
	while ((above = facts_parent(search->facts, above)))
		look_by_key(search, index_key_of_address(&above->address));
}

static const struct rule *rule_at(const struct search *search, size_t rule)
{
	return &search->matcher->want->rules[rule];
}

static bool look_for_division(size_t rule, struct search *search)
{
	const struct rule *its = rule_at(search, rule);

	if (its->kind == RULE_SRIOV &&
	    match_fit_physical(&its->selector, search->device) == FIT_ALL)
		search->found = rule;
	return search->found != RULE_NONE;
}

/* An [sriov] rule is about the functions of the device, which is to keep its own driver. */
static bool is_divided(const struct search *search)
{
	struct search division = *search;

	division.look = look_for_division;
	division.found = RULE_NONE;
	look_everywhere(&division);
	return division.found != RULE_NONE;
}

/* A driver's own option does not get what a rule says something else of. */
static bool look_for_first(size_t rule, struct search *search)
{
	const struct rule *its = rule_at(search, rule);

	if (rule < search->found &&
	    match_fit(&its->selector, search->facts, search->device) == FIT_ALL &&
	    !(its->entry && is_divided(search)))
		search->found = rule;
	return rule >= search->found;
}

static size_t *match_all(const struct matcher *matcher, const struct facts *facts)
{
	size_t *rules = memory_new(facts->device_count, sizeof(*rules));

	for (size_t d = 0; d < facts->device_count; d++) {
		struct search search = {
			.matcher = matcher,
			.facts = facts,
			.device = &facts->devices[d],
			.look = look_for_first,
			.found = RULE_NONE,
		};

		look_everywhere(&search);
		rules[d] = search.found;
	}
	return rules;
}

size_t *match_rules(const struct want *want, const struct facts *facts)
{
	_cleanup_(matcher_free) struct matcher matcher;

	matcher_make(want, &matcher);
	return match_all(&matcher, facts);
}

static bool look_for_any(size_t rule, struct search *search)
{
	const struct rule *its = rule_at(search, rule);

	if (search->found == RULE_NONE &&
	    (match_fit(&its->selector, search->facts, search->device) != FIT_NONE ||
	     (its->kind == RULE_SRIOV &&
	      match_fit_physical(&its->selector, search->device) != FIT_NONE)))
		search->found = rule;
	return search->found != RULE_NONE;
}

bool match_is_concerned(const struct facts *facts, const struct pci_device *device,
			const void *matcher)
{
	struct search search = {
		.matcher = matcher,
		.facts = facts,
		.device = device,
		.look = look_for_any,
		.found = RULE_NONE,
	};

	if (stub_of_driver(device->driver))
		return true;
	look_everywhere(&search);
	return search.found != RULE_NONE;
}

static bool look_for_possible(size_t rule, struct search *search)
{
	const struct selector *selector = &rule_at(search, rule)->selector;
	const struct pci_device *device = search->device;

	if (!selector->has_address ||
	    address_pattern_matches(&selector->address, &device->address) ||
	    (selector->path && device->path && strcmp(selector->path, device->path) == 0))
		search->found = rule;
	return search->found != RULE_NONE;
}

bool match_may_mean(const struct matcher *matcher, const struct pci_device *device)
{
	struct search search = {
		.matcher = matcher,
		.device = device,
		.look = look_for_possible,
		.found = RULE_NONE,
	};

	look_for(&search, device);
	return search.found != RULE_NONE;
}

static void add_match(struct matches *matches, size_t rule, size_t device, enum fit fit)
{
	matches->items = memory_grow(matches->items, matches->count, sizeof(matches->items[0]));
	matches->items[matches->count++] = (struct match){ rule, device, fit };
}

/* An [sriov] rule means its physical function before all. */
static bool look_for_matches(size_t rule, struct search *search)
{
	const struct rule *its = rule_at(search, rule);
	struct matches *matches = search->matches;
	size_t device = (size_t)(search->device - search->facts->devices);
	enum fit fit = its->kind == RULE_SRIOV
			       ? match_fit_physical(&its->selector, search->device)
			       : match_fit(&its->selector, search->facts, search->device);

	matches->is_met[rule] |= fit == FIT_ALL;
	if (fit != FIT_NONE && (fit != FIT_ALL || its->kind == RULE_SRIOV))
		add_match(matches, rule, device, fit);
	return false;
}

static int compare_matches(const void *a, const void *b)
{
	const struct match *left = a, *right = b;

	if (left->rule != right->rule)
		return left->rule < right->rule ? -1 : 1;
	return left->device < right->device ? -1 : left->device > right->device;
}

/* A rule with address and path is found by both. */
static void sort_matches(struct matches *matches, size_t rule_count)
{
	size_t kept = 0, i = 0;

	if (matches->count)
		qsort(matches->items, matches->count, sizeof(matches->items[0]), compare_matches);
	for (size_t m = 0; m < matches->count; m++) {
		if (!kept || compare_matches(&matches->items[kept - 1], &matches->items[m]) != 0)
			matches->items[kept++] = matches->items[m];
	}
	matches->count = kept;
	matches->first = memory_new(rule_count + 1, sizeof(*matches->first));
	for (size_t r = 0; r <= rule_count; r++) {
		while (i < kept && matches->items[i].rule < r)
			i++;
		matches->first[r] = i;
	}
}

void matches_make(const struct want *want, const struct facts *facts, struct matches *ret)
{
	_cleanup_(matcher_free) struct matcher matcher;
	struct matches matches = {
		.is_met = memory_new(want->rule_count, sizeof(*matches.is_met)),
	};

	matcher_make(want, &matcher);
	matches.rule_of = match_all(&matcher, facts);
	for (size_t d = 0; d < facts->device_count; d++) {
		struct search search = {
			.matcher = &matcher,
			.facts = facts,
			.device = &facts->devices[d],
			.look = look_for_matches,
			.matches = &matches,
		};

		look_everywhere(&search);
		if (matches.rule_of[d] != RULE_NONE)
			add_match(&matches, matches.rule_of[d], d, FIT_ALL);
	}
	sort_matches(&matches, want->rule_count);
	*ret = matches;
}

void matches_free(struct matches *matches)
{
	free(matches->rule_of);
	free(matches->items);
	free(matches->first);
	free(matches->is_met);
	*matches = (struct matches){ 0 };
}
