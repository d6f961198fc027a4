/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/glob.h"

#include <stddef.h>
#include <string.h>

bool glob_matches(const char *pattern, const char *text)
{
	const char *star = NULL, *retry = NULL;

	while (*text) {
		if (*pattern == '*') {
			star = pattern++;
			retry = text;
		} else if (*pattern && (*pattern == '?' || *pattern == *text)) {
			pattern++;
			text++;
		} else if (star) {
			/* What the last star stands for is one character longer. */
			pattern = star + 1;
			text = ++retry;
		} else {
			return false;
		}
	}
	return !pattern[strspn(pattern, "*")];
}

bool glob_is_open(const char *pattern)
{
	return strpbrk(pattern, "*?");
}
