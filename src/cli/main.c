/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru, the administrator's command. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "report/record.h"
#include "util/child.h"
#include "util/cleanup.h"
#include "util/memory.h"

static const struct command commands[] = {
	{ "list", "[--root DIR]", "the PCI devices of this host, as rules can name them",
	  cli_list },
	{ "check", "[--root DIR] [--cmdline TEXT] [--lenient] [--modules] [FILE]",
	  "what the configuration will do at the next boot", cli_check },
	{ "needs", "[--root DIR]", "what this host needs itself, as the record for its image",
	  cli_needs },
	{ "status", "[--root DIR]", "what happened in the initramfs, and whether it still holds",
	  cli_status },
};

static void print_usage(FILE *stream)
{
	fputs("usage: passthru COMMAND [OPTIONS]\n"
	      "Hand PCI devices to virtual machines, safely and early; see passthru.conf(5).\n\n",
	      stream);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(stream, "  %s %s\n      %s\n", commands[i].name, commands[i].arguments,
			commands[i].summary);
	fputs("\n  --version, --help\n", stream);
}

int cli_usage_error(const char *command, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "passthru %s: %s\n", command, text);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, command) == 0)
			fprintf(stderr, "usage: passthru %s %s\n", command, commands[i].arguments);
	}
	return EXIT_USAGE;
}

int cli_error(const char *what, int error)
{
	fprintf(stderr, "passthru: %s: %s\n", what, strerror(-error));
	return EXIT_BAD;
}

void cli_print_line(enum severity severity, const char *text, void *context)
{
	(void)severity, (void)context;
	printf("%s\n", text);
}

/* What could not be printed was not done. */
static int flush(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return cli_error("standard output", -errno);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	open_standard_files();

	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_usage(stdout);
		return EXIT_GOOD;
	}
	if (strcmp(name, "--version") == 0) {
		puts("passthru " PASSTHRU_VERSION);
		return EXIT_GOOD;
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return flush(commands[i].run(argc - 1, argv + 1));
	}
	fprintf(stderr, "passthru: unknown command '%s'\n", name);
	print_usage(stderr);
	return EXIT_USAGE;
}
