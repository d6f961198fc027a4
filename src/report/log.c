/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/log.h"

#include <errno.h>
#include <stdio.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define FACILITY_USER   1
#define RECORD_TEXT_MAX 900 /* of 976 bytes that the kernel takes with prefix and newline */

static bool log_to_kernel(const struct root *root, enum severity severity, const char *text)
{
	static const int levels[] = {
		[SEVERITY_INFO] = 6, [SEVERITY_WARNING] = 4, [SEVERITY_ERROR] = 3
	};
	_cleanup_free_ char *record =
		memory_printf("<%d>passthru: %.*s\n", FACILITY_USER << 3 | levels[severity],
			      RECORD_TEXT_MAX, text);

	return root_write(root, "dev/kmsg", record) == 0;
}

void log_line(enum severity severity, const char *text, void *context)
{
	const struct log *log = context;
	int saved_errno = errno;

	if (!log->to_kernel || !log_to_kernel(log->root, severity, text))
		fprintf(stderr, "passthru: %s\n", text);
	errno = saved_errno;
}
