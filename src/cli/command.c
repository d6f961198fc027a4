/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define USAGE_COLUMNS   80
#define NAMES_WIDTH_MAX 20

static const struct command_option root_option = {
	.name = "root",
	.argument = "DIR",
	.kind = OPTION_TEXT,
	.offset = offsetof(struct call, root_path),
	.of_call = true,
	.meaning = "look at the host, or at the copy of one, below DIR instead of /",
};

static const struct command_option help_option = {
	.name = "help",
	.letter = 'h',
	.offset = offsetof(struct call, wants_help),
	.of_call = true,
	.meaning = "print this help",
};

const struct command_option *command_option(const struct command *command, size_t number)
{
	if (number == 0)
		return &root_option;
	if (number <= command->option_count)
		return &command->options[number - 1];
	return number == command->option_count + 1 ? &help_option : NULL;
}

static char *usage_word(const struct command_option *option)
{
	if (option == &help_option)
		return memory_dup("");
	if (option->usage)
		return memory_dup(option->usage);
	return memory_printf("[--%s%s%s]", option->name, option->argument ? " " : "",
			     option->argument ? option->argument : "");
}

/* WORD, in the next line if this one, of COLUMN characters, would get too long. */
static size_t put_usage_word(const char *word, size_t column, size_t indent, FILE *stream)
{
	size_t length = strlen(word);

	if (!length)
		return column;
	if (column > indent && column + 1 + length > USAGE_COLUMNS) {
		fprintf(stream, "\n%*s", (int)indent, "");
		column = indent;
	}
	fprintf(stream, " %s", word);
	return column + 1 + length;
}

void command_print_usage(const struct command *command, FILE *stream)
{
	size_t indent = strlen("usage: passthru ") + strlen(command->name), column = indent;
	const struct command_option *option;

	fprintf(stream, "usage: passthru %s", command->name);
	for (size_t i = 0; (option = command_option(command, i)); i++) {
		_cleanup_free_ char *word = usage_word(option);

		column = put_usage_word(word, column, indent, stream);
	}
	put_usage_word(command->operands, column, indent, stream);
	fputc('\n', stream);
}

/* How wide the names of all options are with their arguments, up to a limit. */
static int names_width(const struct command *command)
{
	const struct command_option *option;
	size_t width = 0;

	for (size_t i = 0; (option = command_option(command, i)); i++) {
		size_t its = strlen(option->name) + 1 +
			     (option->argument ? strlen(option->argument) : 0);

		if (its > width && its <= NAMES_WIDTH_MAX)
			width = its;
	}
	return (int)width;
}

static void print_option(const struct command_option *option, int width, FILE *stream)
{
	_cleanup_(names_free) struct names values = { 0 };
	_cleanup_free_ char *text = NULL, *name = NULL;

	if (option->list_values)
		option->list_values(&values);
	text = names_text(&values, " or ");
	name = memory_printf("%s %s", option->name, option->argument ? option->argument : "");
	fprintf(stream, "  %c%c%c --%-*s  %s%s%s\n", option->letter ? '-' : ' ',
		option->letter ? option->letter : ' ', option->letter ? ',' : ' ', width, name,
		option->meaning, *text ? ": " : "", text);
}

void command_print_help(const struct command *command, FILE *stream)
{
	const struct command_option *option;
	int width = names_width(command);

	command_print_usage(command, stream);
	fprintf(stream, "%s\n\n", command->summary);
	for (size_t i = 0; (option = command_option(command, i)); i++)
		print_option(option, width, stream);
	if (command->list_words) {
		_cleanup_(names_free) struct names words = { 0 };
		_cleanup_free_ char *text = NULL;

		command->list_words(&words);
		text = names_text(&words, " or ");
		fprintf(stream, "\nWORD is one of: %s\n", text);
	}
}

void *call_member(const struct call *call, const struct command_option *option)
{
	char *base = option->of_call ? (char *)call : call->options;

	return base + option->offset;
}

int call_each_key(const struct call *call,
		  int (*function)(const char *key, const char *value, void *context), void *context)
{
	int r = 0;

	for (size_t i = 0; i < call->command->option_count && r >= 0; i++) {
		const struct command_option *option = &call->command->options[i];
		const char *const *value = call_member(call, option);

		if (option->kind == OPTION_KEY && *value)
			r = function(option->name, *value, context);
	}
	return r;
}

bool command_has_key(const struct command *command, const char *key)
{
	for (size_t i = 0; i < command->option_count; i++) {
		const struct command_option *option = &command->options[i];

		if (option->kind == OPTION_KEY && strcmp(option->name, key) == 0)
			return true;
	}
	return false;
}

void call_free(struct call *call)
{
	free(call->options);
	root_close(&call->root);
}
