/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/bus_list.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/parse.h"
#include "util/sorted.h"

#define PLACE_WIDTH  4
#define IDS_WIDTH    8
#define FIELDS_WIDTH (PLACE_WIDTH + 1 + IDS_WIDTH + 1) /* "00f8\t80862918\t" */

/* LINE is "00f8\t80862918\t10\t...\tDRIVER". */
static int parse_line(char *line, struct bus_entry *ret)
{
	uint32_t place, ids;

	if (strnlen(line, FIELDS_WIDTH) < FIELDS_WIDTH || line[PLACE_WIDTH] != '\t' ||
	    line[FIELDS_WIDTH - 1] != '\t' || parse_hex(line, PLACE_WIDTH, &place) < 0 ||
	    parse_hex(line + PLACE_WIDTH + 1, IDS_WIDTH, &ids) < 0)
		return -EINVAL;
	*ret = (struct bus_entry){
		.place = (uint16_t)place,
		.vendor = (uint16_t)(ids >> 16),
		.device = (uint16_t)ids,
		.driver = strrchr(line, '\t') + 1,
	};
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct bus_entry *left = a, *right = b;

	return left->place < right->place ? -1 : left->place > right->place;
}

/* The kernel goes through the buses as they were found, which is their order on most hosts. */
static void sort(struct bus_list *list)
{
	for (size_t i = 1; i < list->count; i++) {
		if (list->entries[i - 1].place > list->entries[i].place) {
			qsort(list->entries, list->count, sizeof(list->entries[0]), compare);
			return;
		}
	}
}

int bus_list_parse(char *text, struct bus_list *ret)
{
	struct bus_list list = { 0 };

	for (char *end; *text; text = end + 1) {
		struct bus_entry entry;

		end = strchr(text, '\n');
		if (end)
			*end = '\0';
		if (!end || parse_line(text, &entry) < 0) {
			bus_list_free(&list);
			return -EINVAL;
		}
		list.entries = memory_grow(list.entries, list.count, sizeof(entry));
		list.entries[list.count++] = entry;
	}
	sort(&list);
	*ret = list;
	return 0;
}

/* The first entry whose place is not before PLACE. */
static size_t lower_bound(const struct bus_list *list, unsigned place)
{
	const struct bus_entry sought = { .place = (uint16_t)place };

	return sorted_before(&sought, list->entries, list->count, sizeof(sought), compare);
}

const struct bus_entry *bus_list_find(const struct bus_list *list,
				      const struct pci_address *address)
{
	unsigned place = address->bus << 8 | address->slot << 3 | address->function;
	size_t first = lower_bound(list, place);
	const struct bus_entry *entry = list->entries + first;
	bool is_one = first < list->count && entry->place == place &&
		      (first + 1 == list->count || entry[1].place != place);

	return is_one ? entry : NULL;
}

void bus_list_free(struct bus_list *list)
{
	free(list->entries);
	*list = (struct bus_list){ 0 };
}
