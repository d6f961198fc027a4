/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where log lines go: the kernel's log while there is nothing else, else standard error. */
#ifndef PASSTHRU_REPORT_LOG_H
#define PASSTHRU_REPORT_LOG_H

#include <stdbool.h>

#include "finding/finding.h"
#include "system/root.h"

struct log {
	const struct root *root;
	bool to_kernel;
};

/*
 * Write one line, "passthru: TEXT". To the kernel: as user-level message of the severity's level,
 * through /dev/kmsg opened anew (linux/kernel/printk/printk.c limits the rate per open file and
 * drops the rest in silence), cut to what one record holds; to standard error where that fails.
 * TEXT is escaped already. CONTEXT is a struct log: fits record_each_line(). Keeps errno.
 */
void log_line(enum severity severity, const char *text, void *context);

#endif
