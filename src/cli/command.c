/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

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

void command_print_usage(const struct command *command, FILE *stream)
{
	const struct command_option *option;

	fprintf(stream, "passthru %s", command->name);
	for (size_t i = 0; (option = command_option(command, i)); i++) {
		if (option != &help_option)
			fprintf(stream, " [--%s%s%s]", option->name, option->argument ? " " : "",
				option->argument ? option->argument : "");
	}
	fprintf(stream, "%s%s\n", *command->operands ? " " : "", command->operands);
}

static void print_option(const struct command_option *option, FILE *stream)
{
	_cleanup_(names_free) struct names values = { 0 };
	_cleanup_free_ char *text = NULL;

	if (option->list_values)
		option->list_values(&values);
	text = names_text(&values, " or ");
	fprintf(stream, "  --%s %-*s  %s%s%s\n", option->name, 14 - (int)strlen(option->name),
		option->argument ? option->argument : "", option->meaning, *text ? ": " : "", text);
}

void command_print_help(const struct command *command, FILE *stream)
{
	const struct command_option *option;

	fputs("usage: ", stream);
	command_print_usage(command, stream);
	fprintf(stream, "%s\n\n", command->summary);
	for (size_t i = 0; (option = command_option(command, i)); i++)
		print_option(option, stream);
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

void call_free(struct call *call)
{
	free(call->options);
	root_close(&call->root);
}
