/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A list of names that somebody else made up, in the order in which they were met. No I/O. */
#ifndef PASSTHRU_UTIL_NAMES_H
#define PASSTHRU_UTIL_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct names {
	char **items;
	size_t count;
	size_t *places;     /* a hash table of their numbers, from 1; 0: none */
	size_t place_count; /* a power of two */
};

/* Append a copy of NAME. */
void names_add(struct names *names, const char *name);

/* The same, unless it is in the list. */
void names_add_once(struct names *names, const char *name);

bool names_has(const struct names *names, const char *name);

/* The index of the first NAME in the list, or -ENOENT. */
long names_find(const struct names *names, const char *name);

/* Order them as strcmp(3) does. */
void names_sort(struct names *names);

/* "a, b, c" with LAST for the last ", ", such as " or ". The caller frees it. */
char *names_text(const struct names *names, const char *last);

void names_free(struct names *names);

#endif
