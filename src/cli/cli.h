/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the subcommands of passthru share. */
#ifndef PASSTHRU_CLI_CLI_H
#define PASSTHRU_CLI_CLI_H

#include <stddef.h>

#include "cli/options.h"
#include "finding/finding.h"
#include "report/exit_status.h"
#include "system/root.h"

struct command {
	const char *name;
	const char *operands; /* in the usage line; "" without */
	size_t operand_min, operand_max;
	const char *summary;
	unsigned accepted; /* of enum option_flag */
	int (*run)(const struct cli_options *options);
};

int cli_assign(const struct cli_options *options);
int cli_check(const struct cli_options *options);
int cli_guest(const struct cli_options *options);
int cli_image(const struct cli_options *options);
int cli_import(const struct cli_options *options);
int cli_list(const struct cli_options *options);
int cli_needs(const struct cli_options *options);
int cli_record(const struct cli_options *options);
int cli_release(const struct cli_options *options);
int cli_status(const struct cli_options *options);

/* Say on standard error what is wrong with the call, and how it goes. Returns EXIT_USAGE. */
int cli_usage_error(const struct command *command, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "passthru: WHAT: text of -ERROR" on standard error. Returns EXIT_NOT_OK. */
int cli_error(const char *what, int error);

/* Print each of FINDINGS, with what to do, to standard error. */
void cli_tell_findings(const struct findings *findings);

#endif
