/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Assignments in files that a shell reads. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_SHELL_H
#define PASSTHRU_CLI_IMPORT_SHELL_H

/*
 * Call FUNCTION for each NAME=VALUE, NAME+=VALUE and NAME=(VALUES) that a line of TEXT begins with,
 * also behind "export".
 * VALUE is what a shell makes of quotes, backslashes and continued lines (POSIX.1-2017 XCU 2.2);
 * nothing is expanded. LINE is counted from 1. Both texts are for the time of the call.
 */
void shell_each_assignment(const char *text,
			   void (*function)(const char *name, const char *value, unsigned line,
					    void *context),
			   void *context);

#endif
