/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/modprobe.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/near.h"

struct modprobe_line {
	struct natives *natives;
	const char *origin;
};

static void on_option(const char *module, const struct parameter *parameter, void *context)
{
	const struct modprobe_line *line = context;
	const struct native_place place = { line->origin, module };

	native_add(line->natives, &place, parameter);
}

/* `options vfio-pci.ids=...`: the name of a module has no value. */
static void check_module(struct natives *natives, const char *rest, const char *origin)
{
	_cleanup_free_ char *copy = memory_dup(rest);
	const struct native_place place = { origin, "" };
	char *words = copy, *module = modprobe_next_word(&words);
	struct parameter parameter;

	if (parameter_next(module, &parameter) && parameter.value)
		native_tell_misspelt(natives, &place, &parameter);
}

static bool is_command(const char *word)
{
	static const char *const commands[] = { "alias",   "blacklist", "install", "remove",
						"softdep", "weakdep",   "include", "config" };

	return text_is_one_of(word, commands, ARRAY_SIZE(commands));
}

/* Such as `option vfio-pci ids=...`, or without that word at all. */
static void check_command(struct natives *natives, const char *command, const char *line,
			  const char *origin)
{
	if (!is_command(command) && near_names_driver(line) &&
	    (strstr(line, "ids=") || strstr(line, "hide=")))
		findings_add(
			&natives->findings, FINDING_BAD_OPTION,
			"%s: '%s' is no command of modprobe.d, so the line has no effect: did you mean 'options'?",
			origin, command);
}

void modprobe_check_line(struct natives *natives, const char *line, const char *origin)
{
	_cleanup_free_ char *copy = memory_dup(line);
	char *rest = copy, *command = modprobe_next_word(&rest);

	if (streq(command, "options"))
		check_module(natives, rest, origin);
	else
		check_command(natives, command, line, origin);
}

static void parse_line(struct natives *natives, const char *text, const char *origin)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct modprobe_line line = { natives, origin };
	char *rest = copy;

	modprobe_check_line(natives, text, origin);
	if (streq(modprobe_next_word(&rest), "options"))
		modprobe_each_option(rest, on_option, &line);
}

struct modprobe_file {
	struct natives *natives;
	const char *name;
};

static void on_line(char *line, unsigned number, void *context)
{
	const struct modprobe_file *file = context;
	_cleanup_free_ char *origin = memory_printf("%s:%u", file->name, number);

	parse_line(file->natives, line, origin);
}

bool modprobe_parse(struct natives *natives, const char *name, const char *text)
{
	struct modprobe_file file = { natives, name };
	size_t given = natives->count, findings = natives->findings.count;

	modprobe_each_line(text, on_line, &file);
	return natives->count > given || natives->findings.count > findings;
}
