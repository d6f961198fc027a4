/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of modprobe.d(5). */
#include <string.h>

#include "import/import.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"

/* Cut the first word off *REST. "" at the end. */
static char *next_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	char *end = word + strcspn(word, " \t");

	*rest = *end ? end + 1 : end;
	*end = '\0';
	return word;
}

/* `options MODULE ids=...` is MODULE.ids=... on the kernel command line. */
static void read_options(struct import *import, char *rest, const char *origin)
{
	const char *module = next_word(&rest);
	struct parameter parameter;

	while ((rest = parameter_next(rest, &parameter))) {
		_cleanup_free_ char *name = memory_printf("%s.%s", module, parameter.name);
		struct parameter of_module = { name, parameter.value };

		import_parameter(import, &of_module, origin);
	}
}

static void read_line(struct import *import, const char *line, const char *origin)
{
	_cleanup_free_ char *copy = memory_copy(line, strlen(line));
	char *rest = copy;
	const char *command = next_word(&rest);
	bool names_stub = import_names_stub_module(rest);

	if (strcmp(command, "options") == 0)
		read_options(import, rest, origin);
	else if (strcmp(command, "softdep") == 0 && names_stub)
		import_note(import, NOTE_OBSOLETE, "%s: %s", origin, line);
	else if (strcmp(command, "install") == 0 || strcmp(command, "blacklist") == 0)
		import_note(import, names_stub ? NOTE_UNCLEAR : NOTE_MAYBE, "%s: %s", origin, line);
	else if (*command != '#' && names_stub)
		import_note(import, NOTE_UNCLEAR, "%s: %s", origin, line);
}

/* Join LINE with those it is continued on, in place. Returns how many these are. */
static unsigned join_lines(char *line, char **rest)
{
	unsigned joined = 0;
	size_t length = strlen(line);

	while (length && line[length - 1] == '\\') {
		const char *next = *rest ? strsep(rest, "\n") : "";

		size_t next_length = strlen(next);

		line[length - 1] = ' ';
		memmove(line + length, next, next_length + 1);
		length += next_length;
		joined++;
	}
	return joined;
}

void import_read_modprobe(struct import *import, const char *file, const char *text)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;
	unsigned number = 1;

	for (char *line; (line = strsep(&rest, "\n"));) {
		unsigned joined = join_lines(line, &rest);
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, number);

		line += strspn(line, " \t");
		if (*line)
			read_line(import, line, origin);
		number += 1 + joined;
	}
}
