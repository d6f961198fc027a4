/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Other programs: what they print, with a limit on its time and on its words; or as they are. */
#ifndef PASSTHRU_SYSTEM_COMMAND_H
#define PASSTHRU_SYSTEM_COMMAND_H

#include <stddef.h>

/*
 * Run the program ARGUMENTS[0] (looked for in PATH, without a shell) and give what it prints on
 * standard output as *RET, which the caller frees. Its standard error is discarded.
 * -ENOENT when there is no such program, -ETIMEDOUT when it took longer than TIMEOUT_MS, -EFBIG
 * when it printed more than LIMIT bytes, -EIO when it failed; it is killed where need be.
 */
int command_output(const char *const arguments[], int timeout_ms, size_t limit, char **ret);

/* The same of what may be no text, *RET_SIZE bytes. */
int command_output_bytes(const char *const arguments[], int timeout_ms, size_t limit, char **ret,
			 size_t *ret_size);

/*
 * Run such a program with our standard streams and wait for its end. Returns its exit status, 128
 * and the number of the signal that ended it, or negative errno.
 */
int command_run(const char *const arguments[]);

#endif
