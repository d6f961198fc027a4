/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict number parsers: the whole text or nothing; no blanks, signs or prefixes. */
#ifndef PASSTHRU_UTIL_PARSE_H
#define PASSTHRU_UTIL_PARSE_H

#include <stddef.h>
#include <stdint.h>

/*
 * The LENGTH (1 to 8) bytes at TEXT as a hexadecimal number.
 * -EINVAL for any other length and any other character; *RET is then untouched.
 */
int parse_hex(const char *text, size_t length, uint32_t *ret);

/* TEXT as a decimal number from 0 to MAX. -EINVAL, or -ERANGE above MAX; *RET is then untouched. */
int parse_decimal(const char *text, uint32_t max, uint32_t *ret);

#endif
