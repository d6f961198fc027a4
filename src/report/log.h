/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where log lines go: the kernel's log while there is nothing else, else standard error. */
#ifndef PASSTHRU_REPORT_LOG_H
#define PASSTHRU_REPORT_LOG_H

#include <stdbool.h>

#include "finding/finding.h"
#include "system/root.h"

/* One that is to outlive others of its process is ended by log_end(). */
struct log {
	const struct root *root;
	bool to_kernel;
	struct root_kept kept; /* /dev/kmsg */
};

/*
 * Write one line, "passthru: TEXT". To the kernel: as user-level message of the severity's level,
 * through /dev/kmsg, cut to what one record holds; to standard error where that fails. TEXT is
 * escaped already. CONTEXT is a struct log: fits record_each_line(). Keeps errno.
 */
void log_line(enum severity severity, const char *text, void *context);

/* Nothing stays open. More lines may follow. */
void log_end(struct log *log);

#endif
