/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What standard output can show. */
#ifndef PASSTHRU_CLI_TERMINAL_H
#define PASSTHRU_CLI_TERMINAL_H

#include <stdbool.h>

struct terminal {
	bool has_colours; /* a terminal, and neither NO_COLOR (no-color.org) nor TERM=dumb is set */
	int columns;      /* INT_MAX for no terminal: the reader gets the whole line */
};

struct terminal terminal_get(void);

#endif
