/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of lists of modules that are to be loaded early, with what they are loaded with. */
#include <stdbool.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"

void import_arguments(struct import *import, const char *module, const char *arguments,
		      const char *origin)
{
	_cleanup_free_ char *copy = memory_copy(arguments, strlen(arguments));
	const struct native_place place = { origin, module };
	struct parameter parameter;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter)))
		import_parameter(import, &import->loading, &place, &parameter);
}

/* Where the first argument begins, which has a '='; NULL without one. */
static char *find_arguments(char *line)
{
	char *equals = strchr(line, '=');

	if (!equals)
		return NULL;
	while (equals > line && !strchr(" \t", equals[-1]))
		equals--;
	return equals > line ? equals : NULL;
}

/*
 * It has arguments of no module, or blanks before their "=", or it is a line of modprobe.d: nothing
 * is loaded with that.
 */
static bool is_misplaced(const char *line, const char *arguments)
{
	if (!arguments)
		return strchr(line, '=');
	return *arguments == '=' || strncmp(line, "options", strcspn(line, " \t")) == 0;
}

static const char *last_word(const char *line)
{
	const char *word = line + strlen(line);

	while (word > line && !strchr(" \t", word[-1]))
		word--;
	return word;
}

/* Behind several modules on one line, as some write them, arguments are for the last of them. */
static void on_module(char *line, const char *origin, void *context)
{
	char *arguments;

	lines_cut_comment(line, '#');
	arguments = find_arguments(line);
	if (is_misplaced(line, arguments)) {
		if (import_names_stub_module(line))
			import_note(context, NOTE_UNCLEAR, "%s: %s", origin, line);
		return;
	}
	if (arguments) {
		arguments[-1] = '\0';
		lines_cut_comment(line, '\0'); /* the blanks */
		import_arguments(context, last_word(line), arguments, origin);
	}
	if (import_names_stub_module(line))
		import_note(context, NOTE_OBSOLETE, "%s: %s", origin, line);
}

void import_read_module_list(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#;", on_module, import);
}

struct booster {
	struct import *import;
	bool lists_modules; /* by the last key: its value can go on in lines with a dash */
};

static void on_booster(char *line, const char *origin, void *context)
{
	struct booster *booster = context;

	lines_cut_comment(line, '#');
	if (*line != '-')
		booster->lists_modules = strncmp(line, "modules", strlen("modules")) == 0;
	if (import_names_stub_module(line))
		import_note(booster->import, booster->lists_modules ? NOTE_OBSOLETE : NOTE_UNCLEAR,
			    "%s: %s", origin, line);
}

void import_read_booster(struct import *import, const char *file, const char *text)
{
	struct booster booster = { .import = import };

	lines_each(file, text, "#", on_booster, &booster);
}
