/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands of passthru share. */
#ifndef PASSTHRU_CLI_CLI_H
#define PASSTHRU_CLI_CLI_H

#include "facts/facts.h"
#include "util/finding.h"
#include "util/root.h"

enum exit_status {
	EXIT_GOOD = 0,
	EXIT_BAD = 1,
	EXIT_USAGE = 64, /* sysexits.h EX_USAGE */
};

struct command {
	const char *name;
	const char *arguments;
	const char *summary;
	int (*run)(int argc, char **argv); /* argv[0] is the command's own name */
};

int cli_check(int argc, char **argv);
int cli_list(int argc, char **argv);
int cli_needs(int argc, char **argv);
int cli_status(int argc, char **argv);

/* Say on standard error what is wrong with the call, and how it goes. Returns EXIT_USAGE. */
int cli_usage_error(const char *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "passthru: WHAT: text of -ERROR" on standard error. Returns EXIT_BAD. */
int cli_error(const char *what, int error);

/*
 * Note in FACTS what the running host needs, in place of the record that the agent has; what could
 * not be resolved goes to FINDINGS.
 */
void cli_survey_needs(const struct root *root, const char *cmdline, struct facts *facts,
		      struct findings *findings);

/* Print a line of a record to standard output; fits record_each_line(). */
void cli_print_line(enum severity severity, const char *text, void *context);

#endif
