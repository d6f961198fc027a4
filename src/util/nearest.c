/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/nearest.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define NEAR_DISTANCE 2
#define LENGTH_MAX    64 /* what is longer is no misspelled word */

static char *fold(const char *text)
{
	char *folded = memory_dup(text);

	for (char *c = folded; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			*c = (char)(*c - 'A' + 'a');
		else if (*c == '_')
			*c = '-';
	}
	return folded;
}

void nearest_try(struct nearest *nearest, const char *word)
{
	size_t length = strlen(nearest->text), distance;
	_cleanup_free_ char *text = NULL, *folded = NULL;

	if (length > LENGTH_MAX)
		return;
	text = fold(nearest->text);
	folded = fold(word);
	distance = text_edit_distance(text, folded);
	if (distance > NEAR_DISTANCE || 2 * distance > length ||
	    (nearest->word && distance >= nearest->distance))
		return;
	nearest->word = word;
	nearest->distance = distance;
}

char *nearest_hint(const struct nearest *nearest)
{
	return nearest->word ? memory_printf("; did you mean '%s'?", nearest->word)
			     : memory_dup("");
}

/* Cut off the first item of *REST, with what separates it from the next. NULL behind the last. */
static char *next_item(char **rest)
{
	static const char *const separators[] = { ", ", " or " };
	char *item = *rest, *end = item ? strchr(item, '\0') : NULL;

	if (!item)
		return NULL;
	*rest = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(separators); i++) {
		char *separator = strstr(item, separators[i]);

		if (!separator || separator >= end)
			continue;
		end = separator;
		*rest = separator + strlen(separators[i]);
	}
	*end = '\0';
	return item;
}

char *nearest_hint_of_list(const char *text, const char *list)
{
	_cleanup_free_ char *copy = memory_dup(list);
	struct nearest nearest = { .text = text };
	char *rest = copy;

	for (char *item; (item = next_item(&rest));) {
		if (!strchr(item, ' '))
			nearest_try(&nearest, item);
	}
	return nearest_hint(&nearest);
}
