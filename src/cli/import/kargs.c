/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of bootc's kargs.d: kernel arguments as a list of strings in TOML. */
#include <ctype.h>
#include <string.h>

#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* Where the list `kargs` begins: behind its bracket. NULL without one. */
static const char *find_list(const char *text)
{
	static const char key[] = "kargs";

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += strspn(line, " \t\r\n");
		if (strncmp(line, key, strlen(key)) != 0)
			continue;
		line += strlen(key);
		line += strspn(line, " \t");
		if (*line != '=')
			continue;
		line += 1 + strspn(line + 1, " \t");
		return *line == '[' ? line + 1 : NULL;
	}
	return NULL;
}

static unsigned line_of(const char *text, const char *place)
{
	unsigned line = 1;

	for (; text < place; text++)
		line += *text == '\n';
	return line;
}

/* Strings with commas between, up to the bracket. What else there is, is not understood. */
void import_read_kargs(struct import *import, const char *file, const char *text)
{
	const char *c = find_list(text);

	while (c && *c && *c != ']') {
		_cleanup_free_ char *origin = NULL;
		size_t length;

		if (*c == '#')
			c += strcspn(c, "\n");
		if (*c != '"' && *c != '\'') {
			c += *c != '\0';
			continue;
		}
		origin = memory_printf("%s:%u", file, line_of(text, c));
		length = strcspn(c + 1, *c == '"' ? "\"\n" : "'\n");
		sourced_add(&import->cmdline, c + 1, length, origin);
		sourced_add(&import->cmdline, " ", 1, origin);
		c += length + 1 + (c[length + 1] == *c);
	}
}
