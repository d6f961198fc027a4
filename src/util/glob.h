/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Patterns with '*' and '?', as fnmatch(3) has them without its brackets. No I/O. */
#ifndef PASSTHRU_UTIL_GLOB_H
#define PASSTHRU_UTIL_GLOB_H

#include <stdbool.h>

/*
 * All of TEXT matches PATTERN: '*' stands for any characters, '?' for one. Both may be anybody's:
 * the time is at most the product of their lengths, and there is no recursion.
 */
bool glob_matches(const char *pattern, const char *text);

/* PATTERN has a '*' or a '?', so that it may match more than one text. */
bool glob_is_open(const char *pattern);

#endif
