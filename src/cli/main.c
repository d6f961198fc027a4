/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru, the administrator's command. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/message.h"
#include "cli/options.h"
#include "report/exit_status.h"
#include "report/record.h"
#include "system/fd.h"
#include "util/cleanup.h"
#include "util/nearest.h"
#include "util/text.h"

extern const struct command list_command, check_command, needs_command, status_command,
	guest_command, assign_command, release_command, record_command, image_command,
	import_command, modules_command, trial_command, confirm_command, add_command,
	remove_command, explain_command;

/* In the order of help. */
static const struct command *const commands[] = {
	&list_command,    &check_command,   &needs_command,   &modules_command,
	&status_command,  &explain_command, &add_command,     &remove_command,
	&guest_command,   &assign_command,  &release_command, &trial_command,
	&confirm_command, &record_command,  &image_command,   &import_command,
};

static void print_usage(FILE *stream)
{
	fputs("usage: passthru COMMAND [OPTIONS]\n"
	      "Bind PCI devices to vfio-pci for virtual machines, from the boot on; see passthru(8).\n\n",
	      stream);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(stream, "  %-8s  %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n  passthru help COMMAND, passthru --version (-V), passthru --help (-h)\n", stream);
}

/* What could not be printed was not done. */
static int flush(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	cli_error("standard output", -errno);
	return EXIT_NOT_OK;
}

static int run(const struct command *command, int argc, char **argv)
{
	_cleanup_(call_free) struct call call = { .command = command };
	int r = options_read(&call, argc, argv);

	if (r == 0 && call.wants_help)
		command_print_help(command, stdout);
	else if (r == 0)
		r = command->run(&call);
	if (r < 0 && call.status == EXIT_OK)
		call.status = EXIT_NOT_OK;
	return flush(call.status);
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (streq(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static int unknown_command(const char *name)
{
	struct nearest nearest = { .text = name };
	_cleanup_free_ char *hint = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		nearest_try(&nearest, commands[i]->name);
	hint = nearest_hint(&nearest);
	fprintf(stderr,
		"passthru: unknown command '%s'%s\n"
		"usage: passthru COMMAND [OPTIONS]; `passthru --help` lists the commands\n",
		name, hint);
	return EXIT_USAGE;
}

static int print_help_of(const char *name)
{
	const struct command *command = find_command(name);

	if (!command)
		return unknown_command(name);
	command_print_help(command, stdout);
	return flush(EXIT_OK);
}

static bool is_one_of(const char *text, const char *letter, const char *word)
{
	return streq(text, letter) || streq(text, word);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;
	const struct command *command;

	open_standard_files();
	/* Where no file may grow (RLIMIT_FSIZE), writes are to fail, and that is to be told. */
	signal(SIGXFSZ, SIG_IGN);

	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (is_one_of(name, "-h", "--help") || (streq(name, "help") && argc == 2)) {
		print_usage(stdout);
		return flush(EXIT_OK);
	}
	if (is_one_of(name, "-V", "--version")) {
		puts("passthru " PASSTHRU_VERSION);
		return flush(EXIT_OK);
	}
	if (streq(name, "help"))
		return print_help_of(argv[2]);
	command = find_command(name);
	return command ? run(command, argc - 1, argv + 1) : unknown_command(name);
}
