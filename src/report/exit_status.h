/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Exit statuses of both programs. Stable: scripts rely on them (EXIT STATUS in both manuals). */
#ifndef PASSTHRU_REPORT_EXIT_STATUS_H
#define PASSTHRU_REPORT_EXIT_STATUS_H

enum exit_status {
	EXIT_OK = 0,
	EXIT_NOT_OK = 1,      /* a failure; a device is not in the configured state; warnings */
	EXIT_ERRORS = 2,      /* in the configuration; of check: or in the plan */
	EXIT_UNKNOWN = 3,     /* the host or the report cannot be read */
	EXIT_USAGE = 64,      /* sysexits.h EX_USAGE */
	EXIT_NO_INPUT = 66,   /* EX_NOINPUT */
	EXIT_NEEDS_ROOT = 77, /* EX_NOPERM */
};

#endif
