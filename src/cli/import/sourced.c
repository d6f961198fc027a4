/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/sourced.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

void sourced_add(struct sourced *sourced, const char *text, size_t length, const char *origin)
{
	struct span *last;

	buffer_add_bytes(&sourced->text, text, length);
	last = sourced->span_count ? &sourced->spans[sourced->span_count - 1] : NULL;
	if (!last || strcmp(last->origin, origin) != 0) {
		sourced->spans =
			memory_grow(sourced->spans, sourced->span_count, sizeof(*sourced->spans));
		last = &sourced->spans[sourced->span_count++];
		last->origin = memory_copy(origin, strlen(origin));
	}
	last->end = sourced->text.length;
}

void sourced_add_all(struct sourced *sourced, const struct sourced *other)
{
	size_t start = 0;

	for (size_t i = 0; i < other->span_count; i++) {
		const struct span *span = &other->spans[i];

		if (span->end > start)
			sourced_add(sourced, other->text.text + start, span->end - start,
				    span->origin);
		start = span->end;
	}
}

const char *sourced_text(const struct sourced *sourced)
{
	return sourced->text.text ? sourced->text.text : "";
}

const char *sourced_origin(const struct sourced *sourced, size_t offset)
{
	size_t first = 0, last = sourced->span_count - 1;

	while (first < last) {
		size_t middle = (first + last) / 2;

		if (sourced->spans[middle].end <= offset)
			first = middle + 1;
		else
			last = middle;
	}
	return sourced->spans[first].origin;
}

void sourced_free(struct sourced *sourced)
{
	for (size_t i = 0; i < sourced->span_count; i++)
		free(sourced->spans[i].origin);
	free(sourced->spans);
	buffer_free(&sourced->text);
	*sourced = (struct sourced){ 0 };
}
