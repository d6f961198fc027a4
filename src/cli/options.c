/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/options.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "cli/message.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"

/* A letter may be any char, which is signed or not. */
#define FIRST_VALUE 256

/* The table for getopt_long(), which returns an option's number behind all letters. */
static struct option *list_names(const struct command *command)
{
	struct option *names = memory_new(command->option_count + 3, sizeof(*names));
	const struct command_option *option;

	for (size_t i = 0; (option = command_option(command, i)); i++)
		names[i] = (struct option){
			.name = option->name,
			.has_arg = option->argument ? required_argument : no_argument,
			.val = FIRST_VALUE + (int)i,
		};
	return names;
}

/* ":" and each letter, with another ":" where it takes an argument. */
static char *list_letters(const struct command *command)
{
	const struct command_option *option;
	struct buffer letters = { 0 };

	buffer_add(&letters, ":");
	for (size_t i = 0; (option = command_option(command, i)); i++) {
		if (option->letter)
			buffer_printf(&letters, "%c%s", option->letter,
				      option->argument ? ":" : "");
	}
	return letters.text;
}

/* What getopt_long() returned: a number behind all letters, or the letter of one. */
static const struct command_option *option_of(const struct command *command, int c)
{
	size_t i = 0;

	if (c >= FIRST_VALUE)
		return command_option(command, (size_t)(c - FIRST_VALUE));
	while (command_option(command, i)->letter != c)
		i++;
	return command_option(command, i);
}

/* ARGUMENT is "--NAME" or "--NAME=VALUE". */
static int unknown_option(struct call *call, const char *argument)
{
	const char *word = argument + strspn(argument, "-");
	_cleanup_free_ char *name = memory_copy(word, strcspn(word, "="));
	struct nearest nearest = { .text = name };
	const struct command_option *option;
	_cleanup_free_ char *hint = NULL;

	for (size_t i = 0; (option = command_option(call->command, i)); i++)
		nearest_try(&nearest, option->name);
	hint = nearest.word ? memory_printf("; did you mean '--%s'?", nearest.word)
			    : memory_dup("");
	return cli_usage_error(call, "unknown option '%s'%s", argument, hint);
}

/*
 * getopt_long() has returned C, '?' or ':'. Its optopt is the letter, or the value of the long
 * option that it knows; 0 for one that it does not know.
 */
static int bad_option(struct call *call, int c, const char *argument)
{
	if (optopt == 0)
		return unknown_option(call, argument);
	if (c == '?' && optopt < FIRST_VALUE)
		return cli_usage_error(call, "unknown option '-%c'", optopt);
	return cli_usage_error(call, "option '--%s' %s", option_of(call->command, optopt)->name,
			       c == ':' ? "needs an argument" : "takes no argument");
}

static void set(const struct call *call, const struct command_option *option)
{
	void *member = call_member(call, option);

	if (option->argument)
		*(const char **)member = optarg;
	else
		*(bool *)member = true;
}

static int read_options(struct call *call, int argc, char **argv)
{
	_cleanup_free_ struct option *names = list_names(call->command);
	_cleanup_free_ char *letters = list_letters(call->command);

	opterr = 0;
	for (int c; (c = getopt_long(argc, argv, letters, names, NULL)) >= 0;) {
		if (c == '?' || c == ':')
			return bad_option(call, c, argv[optind - 1]);
		set(call, option_of(call->command, c));
	}
	call->operands = argv + optind;
	call->operand_count = (size_t)(argc - optind);
	return 0;
}

static int check_outputs(struct call *call)
{
	const struct command_option *first = NULL;

	for (size_t i = 0; i < call->command->option_count; i++) {
		const struct command_option *option = &call->command->options[i];

		if (option->kind != OPTION_OUTPUT || !*(const bool *)call_member(call, option))
			continue;
		if (first)
			return cli_usage_error(call, "--%s and --%s exclude each other",
					       first->name, option->name);
		first = option;
	}
	return 0;
}

static int check_operands(struct call *call)
{
	const struct command *command = call->command;

	if (call->operand_count > command->operand_max)
		return cli_usage_error(call, "unexpected argument '%s'",
				       call->operands[command->operand_max]);
	if (call->operand_count < command->operand_min)
		return cli_usage_error(call, "missing argument: %s", command->operands);
	return 0;
}

static int open_root(struct call *call)
{
	int r = root_open(call->root_path, &call->root);

	if (r < 0)
		fprintf(stderr, "passthru %s: --root: %s: %s\n", call->command->name,
			call->root_path, strerror(-r));
	return r;
}

int options_read(struct call *call, int argc, char **argv)
{
	int r;

	call->root_path = "/";
	call->root.fd = -1;
	call->options = memory_new(call->command->options_size, 1);
	r = read_options(call, argc, argv);
	if (r < 0 || call->wants_help)
		return r;
	r = check_outputs(call);
	if (r == 0)
		r = check_operands(call);
	return r < 0 ? r : open_root(call);
}
