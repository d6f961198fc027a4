/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/names.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void names_add(struct names *names, const char *name)
{
	names->items = memory_grow(names->items, names->count, sizeof(names->items[0]));
	names->items[names->count++] = memory_copy(name, strlen(name));
}

void names_add_once(struct names *names, const char *name)
{
	if (!names_has(names, name))
		names_add(names, name);
}

bool names_has(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->items[i], name) == 0)
			return true;
	}
	return false;
}

void names_free(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->items[i]);
	free(names->items);
	*names = (struct names){ 0 };
}
