/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the commands say on standard error. */
#ifndef PASSTHRU_CLI_MESSAGE_H
#define PASSTHRU_CLI_MESSAGE_H

#include "cli/command.h"
#include "finding/finding.h"

/* What is wrong with the call, and how it goes. Sets the exit status; returns -EINVAL. */
int cli_usage_error(struct call *call, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* "passthru: WHAT: text of -ERROR". Returns ERROR. */
int cli_error(const char *what, int error);

/* Each of FINDINGS, with what to do. */
void cli_tell_findings(const struct findings *findings);

/* Say on STREAM which command explains CODES, findings' words; nothing where there are none. */
void cli_tell_explain(const struct names *codes, FILE *stream);

#endif
