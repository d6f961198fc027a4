/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/lines.h"

#include <stdbool.h>
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

/* Where the backslash is that LINE ends in; NULL without one. */
static char *find_backslash(char *line)
{
	size_t length = strlen(line);

	length -= length && line[length - 1] == '\r';
	return length && line[length - 1] == '\\' ? line + length - 1 : NULL;
}

/* Take the next line off *REST; JOINED with those that follow a backslash, if it is no comment. */
static char *next_line(char **rest, const char *comments, bool is_joined, unsigned *number)
{
	char *line = strsep(rest, "\n"), *end;

	++*number;
	line += strspn(line, BLANKS);
	if (!is_joined || !*line || strchr(comments, *line))
		return line;
	while ((end = find_backslash(line))) {
		*end = '\0';
		if (!*rest)
			break;
		/* What is cut was there to be joined. */
		memset(end, ' ', (size_t)(*rest - end));
		strsep(rest, "\n");
		++*number;
	}
	return line;
}

static void each_line(const char *file, const char *text, const char *comments, bool is_joined,
		      void (*function)(char *line, const char *origin, void *context),
		      void *context)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;
	unsigned number = 0;

	while (rest) {
		unsigned first = number + 1;
		char *line = next_line(&rest, comments, is_joined, &number);
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, first);

		cut_blanks(line);
		if (*line && !strchr(comments, *line))
			function(line, origin, context);
	}
}

void lines_each(const char *file, const char *text, const char *comments,
		void (*function)(char *line, const char *origin, void *context), void *context)
{
	each_line(file, text, comments, false, function, context);
}

void lines_each_joined(const char *file, const char *text, const char *comments,
		       void (*function)(char *line, const char *origin, void *context),
		       void *context)
{
	each_line(file, text, comments, true, function, context);
}
