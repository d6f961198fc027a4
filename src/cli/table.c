/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define GAP      2
#define LAST_MIN 24 /* of the last column, as long as anything can be left out for it */

/* How the table is laid out this time. */
struct layout {
	const struct table *table;
	bool is_brief;
	int *widths; /* of each column; 0: it is left out */
};

void table_add(struct table *table, const char *text, const char *brief)
{
	table->cells = memory_grow(table->cells, table->cell_count, sizeof(table->cells[0]));
	table->cells[table->cell_count++] =
		(struct table_cell){ memory_dup(text), brief ? memory_dup(brief) : NULL };
}

static const char *shown(const struct layout *layout, size_t cell)
{
	const struct table_cell *c = &layout->table->cells[cell];

	return layout->is_brief && c->brief ? c->brief : c->text;
}

static bool is_nothing(const char *text)
{
	return !*text || streq(text, "-");
}

static void measure(struct layout *layout, size_t column)
{
	const struct table *table = layout->table;
	size_t width = strlen(table->columns[column].title);
	bool is_empty = true;

	for (size_t i = column; i < table->cell_count; i += table->column_count) {
		const char *text = shown(layout, i);

		is_empty &= is_nothing(text);
		if (strlen(text) > width)
			width = strlen(text);
	}
	layout->widths[column] = is_empty ? 0 : (int)width;
}

static void measure_all(struct layout *layout)
{
	for (size_t i = 0; i < layout->table->column_count; i++)
		measure(layout, i);
}

/* How many characters are too many, the last column as narrow as it may be. */
static bool is_too_wide(const struct layout *layout, int width)
{
	size_t last = layout->table->column_count - 1;
	long sum = layout->widths[last] < LAST_MIN ? layout->widths[last] : LAST_MIN;

	for (size_t i = 0; i < last; i++)
		sum += layout->widths[i] ? layout->widths[i] + GAP : 0;
	return sum > width;
}

static void fit(struct layout *layout, int width)
{
	measure_all(layout);
	if (!is_too_wide(layout, width))
		return;
	layout->is_brief = true;
	measure_all(layout);
	for (size_t i = layout->table->column_count; i-- && is_too_wide(layout, width);) {
		if (layout->table->columns[i].is_optional)
			layout->widths[i] = 0;
	}
}

static void put_cell(struct buffer *line, const struct layout *layout, size_t column,
		     const char *text)
{
	int width = layout->widths[column];

	if (!width)
		return;
	if (line->length)
		buffer_printf(line, "%*s", GAP, "");
	buffer_printf(line, layout->table->columns[column].is_right ? "%*s" : "%-*s", width, text);
}

/* LINE cut at WIDTH, without spaces at its end, behind what is in TEXT. */
static void put_line(struct buffer *text, struct buffer *line, int width)
{
	size_t length = line->length < (size_t)width ? line->length : (size_t)width;

	while (length && line->text[length - 1] == ' ')
		length--;
	if (length)
		buffer_add_bytes(text, line->text, length);
	buffer_add(text, "\n");
	buffer_cut(line, 0);
}

char *table_format(const struct table *table, int width, bool has_titles)
{
	_cleanup_free_ int *widths = memory_new(table->column_count, sizeof(*widths));
	_cleanup_(buffer_free) struct buffer line = { 0 };
	struct layout layout = { .table = table, .widths = widths };
	struct buffer text = { 0 };

	buffer_add(&text, "");
	buffer_add(&line, "");
	fit(&layout, width);
	if (has_titles && table->cell_count) {
		for (size_t i = 0; i < table->column_count; i++)
			put_cell(&line, &layout, i, table->columns[i].title);
		put_line(&text, &line, width);
	}
	for (size_t i = 0; i < table->cell_count; i++) {
		put_cell(&line, &layout, i % table->column_count, shown(&layout, i));
		if ((i + 1) % table->column_count == 0)
			put_line(&text, &line, width);
	}
	return text.text;
}

void table_free(struct table *table)
{
	for (size_t i = 0; i < table->cell_count; i++) {
		free(table->cells[i].text);
		free(table->cells[i].brief);
	}
	free(table->cells);
}
