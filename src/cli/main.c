/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru, the administrator's command. */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "report/record.h"
#include "system/fd.h"
#include "util/cleanup.h"
#include "util/memory.h"

static const struct command commands[] = {
	{ "list", "[ADDRESS|FILTER|RULE]...", 0, SIZE_MAX, "the PCI devices of this host",
	  OPTION_ROOT | OPTION_TREE | OPTION_LONG | OPTION_JSON, cli_list },
	{ "check", "[FILE]", 0, 1, "what the configuration will do at the next boot",
	  OPTION_ROOT | OPTION_CMDLINE | OPTION_LENIENT | OPTION_MODULES | OPTION_JSON |
		  OPTION_IMAGE,
	  cli_check },
	{ "needs", "", 0, 0, "what this host needs itself, as the record for its image",
	  OPTION_ROOT, cli_needs },
	{ "status", "", 0, 0, "what happened in the initramfs, and whether it still holds",
	  OPTION_ROOT | OPTION_JSON | OPTION_METRICS, cli_status },
	{ "guest", "ADDRESS|FILTER|RULE...", 1, SIZE_MAX,
	  "what a guest's configuration must say to get devices",
	  OPTION_ROOT | OPTION_FORMAT | OPTION_SLOT, cli_guest },
	{ "assign", "ADDRESS|FILTER|RULE...", 1, SIZE_MAX, "give devices to a stub driver now",
	  OPTION_ROOT | OPTION_JSON | OPTION_DRY_RUN | OPTION_PERSIST | OPTION_NAME | OPTION_RULE,
	  cli_assign },
	{ "release", "ADDRESS|FILTER|RULE...", 1, SIZE_MAX, "give them back to the host now",
	  OPTION_ROOT | OPTION_JSON | OPTION_DRY_RUN | OPTION_PERSIST, cli_release },
	{ "record", "", 0, 0, "this host as text, for a bug report or a test", OPTION_ROOT,
	  cli_record },
	{ "image", "", 0, 0, "write an initramfs that goes beside any other: -o FILE",
	  OPTION_ROOT | OPTION_OUTPUT | OPTION_KERNEL | OPTION_NO_STUBS, cli_image },
	{ "import", "", 0, 0, "what the host passes through by other means, as a passthru.conf",
	  OPTION_ROOT, cli_import },
};

static void print_usage(FILE *stream)
{
	fputs("usage: passthru COMMAND [OPTIONS]\n"
	      "Hand PCI devices to virtual machines, safely and early; see passthru(8).\n\n",
	      stream);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(stream, "  %-8s  %s\n", commands[i].name, commands[i].summary);
	fputs("\n  passthru COMMAND --help, passthru --version, passthru --help\n", stream);
}

int cli_usage_error(const struct command *command, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "passthru %s: %s\nusage: ", command->name, text);
	cli_options_print_usage(command, stderr);
	return EXIT_USAGE;
}

int cli_error(const char *what, int error)
{
	fprintf(stderr, "passthru: %s: %s\n", what, strerror(-error));
	return EXIT_NOT_OK;
}

/* What could not be printed was not done. */
static int flush(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	return cli_error("standard output", -errno);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct cli_options options;
	int r = cli_options_read(command, argc, argv, &options);

	if (r >= 0)
		return flush(r);
	r = command->run(&options);
	root_close(&options.root);
	return flush(r);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	open_standard_files();
	/* Where no file may grow (RLIMIT_FSIZE), writes are to fail, and that is to be told. */
	signal(SIGXFSZ, SIG_IGN);

	if (!name) {
		print_usage(stderr);
		return EXIT_USAGE;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
		print_usage(stdout);
		return flush(EXIT_OK);
	}
	if (strcmp(name, "--version") == 0) {
		puts("passthru " PASSTHRU_VERSION);
		return flush(EXIT_OK);
	}
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return run(&commands[i], argc - 1, argv + 1);
	}
	fprintf(stderr, "passthru: unknown command '%s'\n", name);
	print_usage(stderr);
	return EXIT_USAGE;
}
