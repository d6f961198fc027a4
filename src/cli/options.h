/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of all subcommands; each command accepts those it names. */
#ifndef PASSTHRU_CLI_OPTIONS_H
#define PASSTHRU_CLI_OPTIONS_H

#include <stdbool.h>

#include "util/root.h"

enum option_flag {
	OPTION_ROOT = 1 << 0,
	OPTION_CMDLINE = 1 << 1,
	OPTION_LENIENT = 1 << 2,
	OPTION_MODULES = 1 << 3,
	OPTION_FILE = 1 << 4, /* an argument */
};

struct cli_options {
	struct root root; /* opened; root_close() it */
	const char *cmdline;
	const char *file;
	bool lenient, modules;
};

/* Read the arguments of a command that takes ACCEPTED. Returns -1 to go on, or an exit status. */
int cli_options_read(int argc, char **argv, unsigned accepted, struct cli_options *ret);

#endif
