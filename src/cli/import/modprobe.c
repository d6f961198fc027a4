/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of modprobe.d(5). */
#include <string.h>

#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/modprobe.h"

static void on_option(const struct native_place *place, const struct parameter *parameter,
		      void *context)
{
	struct import *import = context;

	import_parameter(import, &import->natives, place, parameter);
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

static void on_command(const char *command, char *rest, const char *line, const char *origin,
		       void *context)
{
	struct import *import = context;
	bool names_stub = import_names_stub_module(rest);

	if (names_stub && is_order(command)) {
		import_note(import, NOTE_OBSOLETE, "%s: %s", origin, line);
	} else if (names_stub || (is_run(command) && import_is_about_binding(rest))) {
		import_note(import, NOTE_UNCLEAR, "%s: %s", origin, line);
	} else if (is_administrators(origin) && is_unwanted(command, rest)) {
		import_note(import, NOTE_MAYBE, "%s: %s", origin, line);
		add_unwanted(import, rest);
	}
}

void import_read_modprobe(struct import *import, const char *name, const char *text)
{
	const struct modprobe_reader reader = { on_option, on_command, import };

	modprobe_read(name, text, &reader, &import->natives);
}
