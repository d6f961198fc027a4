/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output can show. */
#ifndef PASSTHRU_CLI_TERMINAL_H
#define PASSTHRU_CLI_TERMINAL_H

#include <stdbool.h>

struct terminal {
	bool has_colours; /* a terminal, and neither NO_COLOR (no-color.org) nor TERM=dumb is set */
	bool is_dumb;     /* no terminal, or one that can show lines only */
	int columns;      /* INT_MAX for no terminal: the reader gets the whole line */
};

/* Before pager_open(), which puts something else in the terminal's place. */
struct terminal terminal_get(void);

/*
 * TEXT, broken at spaces into lines of at most COLUMNS, the second and all others INDENT further
 * right. A word that is longer stays whole. Without a newline at its end. The caller frees it.
 */
char *terminal_wrap(const char *text, int columns, int indent);

#endif
