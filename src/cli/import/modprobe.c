/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of modprobe.d(5). */
#include <string.h>

#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/modprobe.h"

struct line {
	struct import *import;
	const char *origin;
};

static void on_option(const char *module, const struct parameter *parameter, void *context)
{
	const struct line *line = context;
	const struct native_place place = { line->origin, module };

	import_parameter(line->import, &line->import->natives, &place, parameter);
}

/* A distribution's files have no end of blacklists, none of which is about passing through. */
static bool is_administrators(const char *origin)
{
	return strncmp(origin, "/etc/", strlen("/etc/")) == 0;
}

/* COMMAND is not about a stub driver: does it keep MODULE from being loaded? */
static bool is_unwanted(const char *command, const char *rest)
{
	_cleanup_free_ char *copy = memory_copy(rest, strlen(rest));
	char *words = copy;

	if (strcmp(command, "alias") != 0)
		return strcmp(command, "install") == 0 || strcmp(command, "blacklist") == 0;
	modprobe_next_word(&words);
	return strcmp(modprobe_next_word(&words), "off") == 0;
}

/* COMMAND has modules loaded before others. */
static bool is_order(const char *command)
{
	return streq(command, "softdep") || streq(command, "weakdep");
}

/* What follows COMMAND is a shell's. */
static bool is_run(const char *command)
{
	return streq(command, "install") || streq(command, "remove");
}

static void add_unwanted(struct import *import, char *rest)
{
	import_add_unwanted(import, modprobe_next_word(&rest));
}

static void read_line(struct import *import, const char *text, const char *origin)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct line line = { import, origin };
	char *rest = copy;
	const char *command = modprobe_next_word(&rest);
	bool names_stub = import_names_stub_module(rest);

	modprobe_check_line(&import->natives, text, origin);
	if (streq(command, "options")) {
		modprobe_each_option(rest, on_option, &line);
	} else if (names_stub && is_order(command)) {
		import_note(import, NOTE_OBSOLETE, "%s: %s", origin, text);
	} else if (names_stub || (is_run(command) && import_is_about_binding(text))) {
		import_note(import, NOTE_UNCLEAR, "%s: %s", origin, text);
	} else if (is_administrators(origin) && is_unwanted(command, rest)) {
		import_note(import, NOTE_MAYBE, "%s: %s", origin, text);
		add_unwanted(import, rest);
	}
}

struct file {
	struct import *import;
	const char *name;
};

static void on_line(char *line, unsigned number, void *context)
{
	const struct file *file = context;
	_cleanup_free_ char *origin = memory_printf("%s:%u", file->name, number);

	read_line(file->import, line, origin);
}

void import_read_modprobe(struct import *import, const char *name, const char *text)
{
	struct file file = { import, name };

	modprobe_each_line(text, on_line, &file);
}
