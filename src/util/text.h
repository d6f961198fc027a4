/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that came from outside, and comparisons as the kernel makes them. */
#ifndef PASSTHRU_UTIL_TEXT_H
#define PASSTHRU_UTIL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline bool streq(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

/*
 * A copy of TEXT with every byte outside 0x20-0x7e, and the backslash, written as \xNN: nothing in
 * it can steer a terminal, end a log line or forge another. The caller frees it.
 */
char *text_escape(const char *text);

/*
 * What text_escape() made ESCAPED of. For what has been escaped where it came in, and goes into a
 * text that will be as a whole: a finding, a note. The caller frees it.
 */
char *text_unescape(const char *escaped);

/* Nothing in TEXT would have to be escaped. */
bool text_is_plain(const char *text);

/*
 * Write VALUE to OUT in hexadecimal, at least so many DIGITS, and terminate it. Returns its end.
 * For what is written for each of many devices, where printf takes most of the time.
 */
char *text_put_hex(char *out, uint32_t value, unsigned digits);

/* The same in decimal; at most 20 characters. */
char *text_put_number(char *out, int64_t value);

/* Where TEXT is among the COUNT words, some of which may be NULL. COUNT when it is none of them. */
size_t text_find(const char *text, const char *const words[], size_t count);
bool text_is_one_of(const char *text, const char *const words[], size_t count);

/* Equal as names of kernel parameters are: '-' and '_' are one (linux/kernel/params.c parameq). */
bool text_parameter_equal(const char *a, const char *b);

/* TEXT starts with PREFIX in the same sense; *RET_REST (if wanted) is what follows. */
bool text_parameter_starts(const char *text, const char *prefix, const char **ret_rest);

/*
 * Call FUNCTION for each item of the comma-separated LIST, empty ones included.
 * The item is terminated and writable for the time of the call.
 */
void text_each_item(const char *list, void (*function)(char *item, void *context), void *context);

/* How many characters must be put in, taken out or changed to make one of the other. */
size_t text_edit_distance(const char *a, const char *b);

#endif
