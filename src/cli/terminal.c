/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/terminal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define COLUMNS_DEFAULT 80

static bool wants_colours(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return (!no_color || !*no_color) && term && strcmp(term, "dumb") != 0;
}

struct terminal terminal_get(void)
{
	struct winsize size = { 0 };

	if (!isatty(STDOUT_FILENO))
		return (struct terminal){ .columns = INT_MAX };
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		size.ws_col = COLUMNS_DEFAULT;
	return (struct terminal){ .has_colours = wants_colours(), .columns = size.ws_col };
}
