/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/modprobe.h"

#include <stdbool.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define BLANKS " \t"

char *modprobe_next_word(char **rest)
{
	char *word = *rest + strspn(*rest, BLANKS);
	char *end = word + strcspn(word, BLANKS);

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/*
 * Take the next line off *TEXT into BUFFER. As in libkmod no backslash stays in it, and one before
 * the end of a line joins that to the next. Returns how many lines these are.
 */
static unsigned read_line(const char **text, char *buffer)
{
	const char *c = *text;
	unsigned lines = 1;

	for (; *c && *c != '\n'; c++) {
		bool is_escaped = *c == '\\';

		c += is_escaped;
		if (!*c)
			break;
		if (is_escaped && *c == '\n')
			lines++;
		else
			*buffer++ = *c;
	}
	*buffer = '\0';
	*text = c + (*c != '\0');
	return lines;
}

void modprobe_each_line(const char *text,
			void (*function)(char *line, unsigned number, void *context), void *context)
{
	_cleanup_free_ char *buffer = memory_new(strlen(text) + 1, 1);
	unsigned number = 1;

	while (*text) {
		unsigned lines = read_line(&text, buffer);
		char *line = buffer + strspn(buffer, BLANKS);

		if (*line && *line != '#')
			function(line, number, context);
		number += lines;
	}
}

void modprobe_each_option(char *rest,
			  void (*function)(const char *module, const struct parameter *parameter,
					   void *context),
			  void *context)
{
	const char *module = modprobe_next_word(&rest);
	struct parameter parameter;

	while ((rest = parameter_next(rest, &parameter)))
		function(module, &parameter, context);
}
