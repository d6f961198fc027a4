/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/index.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/sorted.h"

/* The uppermost bits say what the others are. */
#define KIND_ADDRESS (1ull << 62)
#define KIND_ID      (2ull << 62)
#define KIND_PATH    (3ull << 62)
#define ID_MAX       0xffff

uint64_t index_key_of_address(const struct pci_address *address)
{
	return KIND_ADDRESS | (uint64_t)address->domain << 16 | (uint64_t)address->bus << 8 |
	       address->slot;
}

uint64_t index_key_of_id(uint32_t vendor, uint32_t device)
{
	return KIND_ID | (uint64_t)vendor << 16 | device;
}

/* FNV-1a (RFC draft-eastlake-fnv): two paths with one key cost a comparison, no more. */
uint64_t index_key_of_path(const char *path)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (; *path; path++)
		hash = (hash ^ (unsigned char)*path) * 0x100000001b3;
	return KIND_PATH | hash;
}

/* Above, no device has one. */
static bool is_one_id(const struct id_pattern *id)
{
	return id->vendor <= ID_MAX && id->device <= ID_MAX;
}

void index_each_key(const struct selector *selector, void (*function)(uint64_t key, void *context),
		    void *context)
{
	if (selector->has_address)
		function(selector->address.any_slot
				 ? INDEX_KEY_ANY
				 : index_key_of_address(&selector->address.address),
			 context);
	if (selector->path)
		function(index_key_of_path(selector->path), context);
	if (selector->has_address || selector->path)
		return;
	if (selector->has_id && is_one_id(&selector->id))
		function(index_key_of_id(selector->id.vendor, selector->id.device), context);
	else
		function(INDEX_KEY_ANY, context);
}

struct maker {
	struct rule_index *index;
	size_t rule;
};

static void add_entry(uint64_t key, void *context)
{
	const struct maker *maker = context;
	struct rule_index *index = maker->index;

	index->entries = memory_grow(index->entries, index->count, sizeof(index->entries[0]));
	index->entries[index->count++] = (struct index_entry){ key, maker->rule };
}

static int compare(const void *a, const void *b)
{
	const struct index_entry *left = a, *right = b;

	if (left->key != right->key)
		return left->key < right->key ? -1 : 1;
	return left->rule < right->rule ? -1 : left->rule > right->rule;
}

void rule_index_make(const struct rule *rules, size_t count, struct rule_index *ret)
{
	struct rule_index index = { 0 };

	for (size_t i = 0; i < count; i++) {
		struct maker maker = { &index, i };

		if (rules[i].standing == STANDING_SET_ASIDE)
			continue;
		index_each_key(&rules[i].selector, add_entry, &maker);
	}
	if (index.count)
		qsort(index.entries, index.count, sizeof(index.entries[0]), compare);
	*ret = index;
}

/* The first entry whose key is not below KEY. */
static size_t lower_bound(const struct rule_index *index, uint64_t key)
{
	const struct index_entry sought = { .key = key };

	return sorted_before(&sought, index->entries, index->count, sizeof(sought), compare);
}

size_t rule_index_find(const struct rule_index *index, uint64_t key,
		       const struct index_entry **ret_entries)
{
	size_t first = lower_bound(index, key);

	*ret_entries = index->count ? index->entries + first : NULL;
	return lower_bound(index, key + 1) - first;
}

void rule_index_free(struct rule_index *index)
{
	free(index->entries);
	*index = (struct rule_index){ 0 };
}
