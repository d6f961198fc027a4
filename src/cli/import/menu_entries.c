/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/menu_entries.h"

#include <string.h>

#include "util/memory.h"

void menu_entry_add(struct menu *menu, const char *origin, const char *options)
{
	struct menu_entry *entry;

	menu->entries = memory_grow(menu->entries, menu->count, sizeof(*entry));
	entry = &menu->entries[menu->count++];
	entry->origin = memory_copy(origin, strlen(origin));
	entry->options = memory_copy(options, strlen(options));
	for (char *c = entry->options; (c = strchr(c, '\n'));)
		*c = c[1] ? ' ' : '\0';
}

static bool have_same(const struct menu_entry *a, const struct menu_entry *b)
{
	return strcmp(a->options, b->options) == 0;
}

void menu_entries_end(struct import *import)
{
	const struct menu_entry *entries = import->menu.entries;
	size_t count = import->menu.count, different = 0;

	while (different < count && have_same(&entries[0], &entries[different]))
		different++;
	for (size_t i = 0; different < count && i < count; i++) {
		const struct menu_entry *other =
			&entries[have_same(&entries[0], &entries[i]) ? different : 0];

		if (*entries[i].options)
			import_note(import, NOTE_SOMETIMES, "%s: %s, but %s in the entry at %s",
				    entries[i].origin, entries[i].options,
				    *other->options ? other->options : "nothing", other->origin);
	}
	menu_free(&import->menu);
}
