/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/terminal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "util/buffer.h"

#define COLUMNS_DEFAULT 80

static bool is_dumb(void)
{
	const char *term = getenv("TERM");

	return !term || strcmp(term, "dumb") == 0;
}

static bool wants_colours(void)
{
	const char *no_color = getenv("NO_COLOR");

	return (!no_color || !*no_color) && !is_dumb();
}

struct terminal terminal_get(void)
{
	struct winsize size = { 0 };

	if (!isatty(STDOUT_FILENO))
		return (struct terminal){ .columns = INT_MAX, .is_dumb = true };
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		size.ws_col = COLUMNS_DEFAULT;
	return (struct terminal){
		.has_colours = wants_colours(),
		.is_dumb = is_dumb(),
		.columns = size.ws_col,
	};
}

char *terminal_wrap(const char *text, int columns, int indent)
{
	struct buffer lines = { 0 };
	int column = 0;

	buffer_add(&lines, "");
	while (*text) {
		int spaces = (int)strspn(text, " ");
		int length = (int)strcspn(text + spaces, " ");

		if (column > indent && column + spaces + length > columns) {
			buffer_printf(&lines, "\n%*s", indent, "");
			column = indent;
			text += spaces;
			spaces = 0;
		}
		buffer_add_bytes(&lines, text, (size_t)(spaces + length));
		column += spaces + length;
		text += spaces + length;
	}
	return lines.text;
}
