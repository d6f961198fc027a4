/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/stored_index.h"

#include <stdint.h>
#include <string.h>

#define FIRST_SIZE 64 /* buckets; a power of two */

struct entry {
	struct json_value *device;
	struct entry *next;
};

struct bucket {
	struct entry *first, *last;
};

struct stored_index {
	struct bucket *buckets;
	size_t size, count;
};

/* By the address; there can be many without one, each of another rule. FNV-1a. */
static struct bucket *bucket_of(const struct stored_index *index, const char *rule,
				const char *address)
{
	uint32_t hash = 2166136261U;

	for (const char *c = *address ? address : rule; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619U;
	return &index->buckets[hash & (index->size - 1)];
}

static struct bucket *bucket_for(const struct stored_index *index, const struct json_value *device)
{
	return bucket_of(index, json_get_text(device, "rule"), json_get_text(device, "address"));
}

static void append(struct bucket *bucket, struct entry *entry)
{
	entry->next = NULL;
	if (bucket->last)
		bucket->last->next = entry;
	else
		bucket->first = entry;
	bucket->last = entry;
}

static void set_size(struct stored_index *index, struct json_document *document, size_t size)
{
	const struct stored_index old = *index;

	index->size = size;
	index->buckets = json_allocate(document, size * sizeof(*index->buckets));
	for (size_t i = 0; i < old.size; i++) {
		for (struct entry *entry = old.buckets[i].first, *next; entry; entry = next) {
			next = entry->next;
			append(bucket_for(index, entry->device), entry);
		}
	}
}

void stored_index_add(struct stored_index *index, struct json_document *document,
		      struct json_value *device)
{
	struct entry *entry = json_allocate(document, sizeof(*entry));

	if (index->count++ == index->size)
		set_size(index, document, index->size * 2);
	entry->device = device;
	append(bucket_for(index, device), entry);
}

void stored_index_remove(struct stored_index *index, const struct json_value *device)
{
	struct bucket *bucket = bucket_for(index, device);
	struct entry *before = NULL, *entry = bucket->first;

	for (; entry && entry->device != device; entry = entry->next)
		before = entry;
	if (!entry)
		return;
	if (before)
		before->next = entry->next;
	else
		bucket->first = entry->next;
	if (bucket->last == entry)
		bucket->last = before;
}

struct stored_index *stored_index_make(struct json_document *document,
				       const struct json_value *devices)
{
	struct stored_index *index = json_allocate(document, sizeof(*index));

	set_size(index, document, FIRST_SIZE);
	for (struct json_value *device = devices->first; device; device = device->next)
		stored_index_add(index, document, device);
	return index;
}

static bool is_of(const struct json_value *device, const char *key, const char *text)
{
	return strcmp(json_get_text(device, key), text) == 0;
}

struct json_value *stored_index_find(const struct stored_index *index, const char *rule,
				     const char *address)
{
	const struct entry *entry = bucket_of(index, rule, address)->first;

	while (entry &&
	       !(is_of(entry->device, "rule", rule) && is_of(entry->device, "address", address)))
		entry = entry->next;
	return entry ? entry->device : NULL;
}

struct json_value *stored_index_next_at(const struct stored_index *index, const char *address,
					const struct json_value *after)
{
	const struct entry *entry = bucket_of(index, "", address)->first;

	while (after && entry && entry->device != after)
		entry = entry->next;
	if (after && entry)
		entry = entry->next;
	while (entry && !is_of(entry->device, "address", address))
		entry = entry->next;
	return entry ? entry->device : NULL;
}
