/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of all subcommands; each command accepts those it names. */
#ifndef PASSTHRU_CLI_OPTIONS_H
#define PASSTHRU_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "system/root.h"

enum option_flag {
	OPTION_ROOT = 1 << 0,
	OPTION_CMDLINE = 1 << 1,
	OPTION_LENIENT = 1 << 2,
	OPTION_MODULES = 1 << 3,
	OPTION_TREE = 1 << 4,
	OPTION_LONG = 1 << 5,
	OPTION_JSON = 1 << 6,
	OPTION_FORMAT = 1 << 7,
	OPTION_SLOT = 1 << 8,
	OPTION_METRICS = 1 << 9,
	OPTION_IMAGE = 1 << 10,
	OPTION_OUTPUT = 1 << 11,
	OPTION_KERNEL = 1 << 12,
	OPTION_NO_STUBS = 1 << 13,
	OPTION_DRY_RUN = 1 << 14,
	OPTION_PERSIST = 1 << 15,
	OPTION_NAME = 1 << 16,
	OPTION_RULE = 1 << 17, /* keys of a rule, called as in passthru.conf(5) */
};

struct command;

struct cli_options {
	const struct command *command;
	struct root root; /* opened; root_close() it */
	const char *root_path;
	const char *cmdline, *format, *slot, *image, *output, *kernel, *name;
	const char *driver, *iommu, *group, *allow, *permissive;
	bool lenient, modules, tree, details, json, metrics, no_stubs, dry_run, persist, help;
	char **operands;
	size_t operand_count;
};

/*
 * Read the arguments of COMMAND; argv[0] is its name. Returns -1 to go on, or an exit status, when
 * the call is wrong (said on standard error) or asks for help (printed).
 */
int cli_options_read(const struct command *command, int argc, char **argv, struct cli_options *ret);

/*
 * Call FUNCTION with each option that is a key of a rule and was given. Returns 0, or the first
 * negative value that FUNCTION returned.
 */
int cli_options_each_key(const struct cli_options *options,
			 int (*function)(const char *key, const char *value, void *context),
			 void *context);

/* The options that COMMAND accepts: in a usage line, and one a line with what they mean. */
void cli_options_print_usage(const struct command *command, FILE *stream);
void cli_options_print_help(const struct command *command, FILE *stream);

#endif
