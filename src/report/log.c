/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "util/text.h"

#define FACILITY_USER   1
#define RECORD_TEXT_MAX 900 /* of 976 bytes that the kernel takes with prefix and newline */

/*
 * Of what comes through one open file the kernel lets ten records pass in a moment and drops the
 * rest in silence (linux/kernel/printk/printk.c devkmsg_write, printk.devkmsg=ratelimit;
 * linux/include/linux/ratelimit_types.h DEFAULT_RATELIMIT_BURST).
 */
#define RECORDS_PER_OPEN 8

static bool log_to_kernel(struct log *log, enum severity severity, const char *text)
{
	static const int levels[] = {
		[SEVERITY_INFO] = 6, [SEVERITY_WARNING] = 4, [SEVERITY_ERROR] = 3
	};
	char record[RECORD_TEXT_MAX + 32] = "<", *out = record + 1;
	size_t length = strnlen(text, RECORD_TEXT_MAX);

	out = stpcpy(text_put_number(out, FACILITY_USER << 3 | levels[severity]), ">passthru: ");
	memcpy(out, text, length);
	memcpy(out + length, "\n", sizeof("\n"));
	return root_write_kept(log->root, "dev/kmsg", record, RECORDS_PER_OPEN, &log->kept) == 0;
}

void log_line(enum severity severity, const char *text, void *context)
{
	struct log *log = context;
	int saved_errno = errno;

	if (!log->to_kernel || !log_to_kernel(log, severity, text))
		fprintf(stderr, "passthru: %s\n", text);
	errno = saved_errno;
}

void log_end(struct log *log)
{
	root_end_kept(&log->kept);
}
