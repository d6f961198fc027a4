/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A table that fits the terminal. No I/O. */
#ifndef PASSTHRU_CLI_TABLE_H
#define PASSTHRU_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct table_column {
	const char *title;
	bool is_right;    /* numbers */
	bool is_optional; /* left out where there is no room */
};

struct table_cell {
	char *text;  /* "-" or "" for nothing */
	char *brief; /* in its place where there is no room; or NULL */
};

/* {0} with its columns set is one without rows. */
struct table {
	const struct table_column *columns; /* the last one gets what room is left, and is cut */
	size_t column_count;
	struct table_cell *cells; /* row by row */
	size_t cell_count;
};

/* Append a cell: copies of TEXT and of BRIEF, or NULL. */
void table_add(struct table *table, const char *text, const char *brief);

/*
 * All rows in lines of at most WIDTH characters, below a line of titles where HAS_TITLES. A column
 * without anything in it is left out. Where the others leave too little for the last one, brief
 * texts are used, then optional columns are left out, the last one first. "" without rows. The
 * caller frees it.
 */
char *table_format(const struct table *table, int width, bool has_titles);

void table_free(struct table *table);

#endif
