/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/modprobe.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/near.h"

/* A file that is being read. */
struct modprobe_file {
	const char *name;
	const struct modprobe_reader *reader;
	struct natives *natives;
	const char *origin; /* of the line */
};

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
static void check_line_command(struct natives *natives, const char *command, const char *line,
			       const char *origin)
{
	if (!is_command(command) && near_names_driver(line) &&
	    (strstr(line, "ids=") || strstr(line, "hide=")))
		findings_add(
			&natives->findings, FINDING_BAD_OPTION,
			"%s: '%s' is no command of modprobe.d, so the line has no effect: did you mean 'options'?",
			origin, command);
}

static void on_option(const char *module, const struct parameter *parameter, void *context)
{
	const struct modprobe_file *file = context;
	const struct native_place place = { file->origin, module };

	file->reader->on_option(&place, parameter, file->reader->context);
}

static void on_line(char *line, unsigned number, void *context)
{
	struct modprobe_file *file = context;
	const struct modprobe_reader *reader = file->reader;
	_cleanup_free_ char *origin = memory_printf("%s:%u", file->name, number);
	_cleanup_free_ char *copy = memory_dup(line);
	char *rest = copy, *command = modprobe_next_word(&rest);
	size_t findings = file->natives->findings.count;

	file->origin = origin;
	if (streq(command, "options")) {
		check_module(file->natives, rest, origin);
		modprobe_each_option(rest, on_option, file);
		return;
	}
	check_line_command(file->natives, command, line, origin);
	if (reader->on_command && file->natives->findings.count == findings)
		reader->on_command(command, rest, line, origin, reader->context);
}

void modprobe_read(const char *name, const char *text, const struct modprobe_reader *reader,
		   struct natives *natives)
{
	struct modprobe_file file = { .name = name, .reader = reader, .natives = natives };

	modprobe_each_line(text, on_line, &file);
}

static void add_option(const struct native_place *place, const struct parameter *parameter,
		       void *context)
{
	native_add(context, place, parameter);
}

bool modprobe_parse(struct natives *natives, const char *name, const char *text)
{
	const struct modprobe_reader reader = { .on_option = add_option, .context = natives };
	size_t given = natives->count, findings = natives->findings.count;

	modprobe_read(name, text, &reader, natives);
	return natives->count > given || natives->findings.count > findings;
}
