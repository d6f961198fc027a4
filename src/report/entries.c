/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/entries.h"

#include <string.h>

#include "report/json_value.h"
#include "util/text.h"

#define FIRST_SIZE 64 /* buckets; a power of two */

struct bucket {
	struct entry *first, *last;
};

#define HASH_BASIS 2166136261U /* FNV-1a, of the numbers of an address or the bytes of a name */
#define HASH_PRIME 16777619U

static uint32_t hash_address(const struct pci_address *address)
{
	uint32_t hash = (HASH_BASIS ^ address->domain) * HASH_PRIME;

	return (hash ^ (address->bus << 8 | address->slot << 3 | address->function)) * HASH_PRIME;
}

static uint32_t hash_name(const char *name)
{
	uint32_t hash = HASH_BASIS;

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * HASH_PRIME;
	return hash;
}

/* By the address; there can be many without one, most of another rule. */
static struct bucket *bucket_of(const struct entries *entries, const char *rule,
				const struct pci_address *address)
{
	uint32_t hash = address ? hash_address(address) : hash_name(rule);

	return &entries->buckets[hash & (entries->size - 1)];
}

static struct bucket *bucket_for(const struct entries *entries, const struct entry *entry)
{
	return bucket_of(entries, entry->rule, entry->has_address ? &entry->address : NULL);
}

static void place(struct entries *entries, struct entry *entry)
{
	struct bucket *bucket = bucket_for(entries, entry);

	entry->next = NULL;
	if (bucket->last)
		bucket->last->next = entry;
	else
		bucket->first = entry;
	bucket->last = entry;
}

static void displace(struct entries *entries, struct entry *entry)
{
	struct bucket *bucket = bucket_for(entries, entry);
	struct entry *before = NULL;

	for (struct entry *each = bucket->first; each != entry; each = each->next)
		before = each;
	if (before)
		before->next = entry->next;
	else
		bucket->first = entry->next;
	if (bucket->last == entry)
		bucket->last = before;
}

static void set_size(struct entries *entries, size_t size)
{
	const struct entries old = *entries;

	entries->size = size;
	entries->buckets = json_allocate(entries->document, size * sizeof(*entries->buckets));
	for (size_t i = 0; i < old.size; i++) {
		for (struct entry *entry = old.buckets[i].first, *next; entry; entry = next) {
			next = entry->next;
			place(entries, entry);
		}
	}
}

static struct entry *add(struct entries *entries, struct json_value *value)
{
	struct entry *entry = entry_make(entries->document, value);

	if (entries->count++ == entries->size)
		set_size(entries, entries->size ? entries->size * 2 : FIRST_SIZE);
	place(entries, entry);
	return entry;
}

void entries_read(struct entries *entries, struct json_document *document, struct json_value *array)
{
	entries->document = document;
	entries->array = array;
	for (struct json_value *value = array->first; value; value = value->next) {
		struct entry *entry = add(entries, value);

		entry->number = entries->count;
	}
	entries->fates = json_allocate(document, entries->count);
}

struct entry *entries_first(const struct entries *entries)
{
	struct json_value *first = json_first(entries->array);

	return first ? first->owner : NULL;
}

struct entry *entry_next(const struct entry *entry)
{
	return entry->value->next ? entry->value->next->owner : NULL;
}

static bool is_at(const struct entry *entry, const struct pci_address *address)
{
	if (!address)
		return !*entry->address_text;
	return entry->has_address && address_compare(&entry->address, address) == 0;
}

struct entry *entries_find(const struct entries *entries, const char *rule,
			   const struct pci_address *address)
{
	struct entry *entry = entries->size ? bucket_of(entries, rule, address)->first : NULL;

	while (entry && !(streq(entry->rule, rule) && is_at(entry, address)))
		entry = entry->next;
	return entry;
}

struct entry *entries_find_absent(const struct entries *entries, const char *rule,
				  const char *list_entry)
{
	struct entry *entry = entries->size ? bucket_of(entries, rule, NULL)->first : NULL;

	while (entry && !(streq(entry->rule, rule) && streq(entry->list_entry, list_entry) &&
			  is_at(entry, NULL)))
		entry = entry->next;
	return entry;
}

struct entry *entries_next_at(const struct entries *entries, const struct pci_address *address,
			      const struct entry *after)
{
	struct entry *entry = after           ? after->next
			      : entries->size ? bucket_of(entries, "", address)->first
					      : NULL;

	while (entry && !is_at(entry, address))
		entry = entry->next;
	return entry;
}

static void set_fate(struct entries *entries, const struct entry *entry, enum fate fate)
{
	if (entry->number)
		entries->fates[entry->number - 1] = (unsigned char)fate;
}

struct entry *entries_append(struct entries *entries, struct json_value *value)
{
	json_append(entries->array, value);
	return add(entries, value);
}

void entries_replace(struct entries *entries, struct entry *entry, struct json_value *value)
{
	set_fate(entries, entry, FATE_REPLACED);
	displace(entries, entry);
	json_replace(entries->array, entry->value, value);
	value->owner = entry;
	entry->value = value;
	entry_update(entry);
	place(entries, entry);
}

void entries_remove(struct entries *entries, struct entry *entry)
{
	set_fate(entries, entry, FATE_FORGOTTEN);
	displace(entries, entry);
	json_remove(entries->array, entry->value);
}
