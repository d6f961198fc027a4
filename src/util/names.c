/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/names.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"
#include "util/text.h"

/* FNV-1a */
static size_t hash(const char *name)
{
	uint64_t value = 0xcbf29ce484222325;

	for (; *name; name++)
		value = (value ^ (unsigned char)*name) * 0x100000001b3;
	return (size_t)(value ^ value >> 32);
}

/* Where the number of NAME is, or is to be. There is always a place that is free. */
static size_t *find_place(const struct names *names, const char *name)
{
	size_t i = hash(name) & (names->place_count - 1);

	while (names->places[i] && !streq(names->items[names->places[i] - 1], name))
		i = (i + 1) & (names->place_count - 1);
	return &names->places[i];
}

static void place_all(struct names *names, size_t place_count)
{
	free(names->places);
	names->places = memory_new(place_count, sizeof(*names->places));
	names->place_count = place_count;
	for (size_t i = 0; i < names->count; i++) {
		size_t *place = find_place(names, names->items[i]);

		if (!*place)
			*place = i + 1;
	}
}

void names_add(struct names *names, const char *name)
{
	size_t *place;

	if (names->count * 2 >= names->place_count)
		place_all(names, names->place_count ? names->place_count * 2 : 16);
	names->items = memory_grow(names->items, names->count, sizeof(names->items[0]));
	names->items[names->count] = memory_dup(name);
	place = find_place(names, name);
	names->count++;
	if (!*place)
		*place = names->count;
}

void names_add_once(struct names *names, const char *name)
{
	if (!names_has(names, name))
		names_add(names, name);
}

long names_find(const struct names *names, const char *name)
{
	size_t number = names->count ? *find_place(names, name) : 0;

	return number ? (long)number - 1 : -ENOENT;
}

bool names_has(const struct names *names, const char *name)
{
	return names_find(names, name) >= 0;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void names_sort(struct names *names)
{
	if (!names->count)
		return;
	qsort(names->items, names->count, sizeof(names->items[0]), compare);
	place_all(names, names->place_count);
}

char *names_text(const struct names *names, const char *last)
{
	struct buffer text = { 0 };

	buffer_add(&text, "");
	for (size_t i = 0; i < names->count; i++) {
		if (i)
			buffer_add(&text, i + 1 < names->count ? ", " : last);
		buffer_add(&text, names->items[i]);
	}
	return text.text;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	free(names->places);
	*names = (struct names){ 0 };
}
