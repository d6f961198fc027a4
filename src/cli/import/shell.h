/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The variables that a file sets which a shell reads. No I/O, and nothing is run. */
#ifndef PASSTHRU_CLI_IMPORT_SHELL_H
#define PASSTHRU_CLI_IMPORT_SHELL_H

#include <stdbool.h>

#include "cli/import/sourced.h"

struct shell_variable {
	char *name; /* "GRUB_CMDLINE_LINUX"; of an array's element "KERNEL_CMDLINE[default]" */
	struct sourced value;
	bool is_partial; /* a command's output, or the like, belongs to it: that is left out */
};

/* What was set so far, by one file or by several that one shell reads in turn. {0} is nothing. */
struct shell {
	struct shell_variable *variables; /* in the order in which they were first set */
	size_t count;
};

struct shell_reader {
	/* VARIABLE, as it was until now, is set anew at ORIGIN without being part of that. */
	void (*on_overridden)(const struct shell_variable *variable, const char *origin,
			      void *context);
	/* A LINE that sets nothing and is no comment. */
	void (*on_other)(const char *line, const char *origin, void *context);
	void *context;
};

/*
 * Set in SHELL what each NAME=VALUE, NAME+=VALUE and NAME=(VALUES) sets that a line of TEXT, read
 * from FILE, begins with, also behind "export". A value is what a shell makes of quotes,
 * backslashes, continued lines and variables (POSIX.1-2017 XCU 2.2, 2.6.2).
 */
void shell_read(struct shell *shell, const char *file, const char *text,
		const struct shell_reader *reader);

/* The variable NAME, or NULL. */
const struct shell_variable *shell_find(const struct shell *shell, const char *name);

void shell_free(struct shell *shell);

#endif
