/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/lines.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define BLANKS " \t\r\n"

static void cut_blanks(char *text)
{
	size_t length = strlen(text);

	while (length && strchr(BLANKS, text[length - 1]))
		length--;
	text[length] = '\0';
}

void lines_cut_comment(char *text, char comment)
{
	*strchrnul(text, comment) = '\0';
	cut_blanks(text);
}

void lines_each(const char *file, const char *text, const char *comments,
		void (*function)(char *line, const char *origin, void *context), void *context)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;
	unsigned number = 0;

	for (char *line; (line = strsep(&rest, "\n"));) {
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, ++number);

		line += strspn(line, BLANKS);
		cut_blanks(line);
		if (*line && !strchr(comments, *line))
			function(line, origin, context);
	}
}
