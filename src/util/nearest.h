/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which word was probably meant by one that is misspelled. No I/O. */
#ifndef PASSTHRU_UTIL_NEAREST_H
#define PASSTHRU_UTIL_NEAREST_H

#include <stddef.h>

/* A search: begin it with only TEXT set. */
struct nearest {
	const char *text;
	const char *word; /* the nearest so far, of the caller's; NULL when none is near */
	size_t distance;
};

/*
 * WORD may have been meant, and holds as long as the search. It is near when at most two characters
 * differ, and not more than half of those that were written; capitals count as small letters and
 * '_' as '-'. Of several that are equally near the first one stays.
 */
void nearest_try(struct nearest *nearest, const char *word);

/* "; did you mean 'WORD'?", or "" when nothing is near. The caller frees it. */
char *nearest_hint(const struct nearest *nearest);

/* The same among the single words of LIST, "listed, whole or refuse", for TEXT. */
char *nearest_hint_of_list(const char *text, const char *list);

#endif
