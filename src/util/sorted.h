/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Places in sorted arrays, where bsearch(3) would find any of several that are equal. */
#ifndef PASSTHRU_UTIL_SORTED_H
#define PASSTHRU_UTIL_SORTED_H

#include <stddef.h>

/*
 * How many of the COUNT elements of ARRAY, of SIZE bytes each, come before KEY, which is the index
 * of the first that does not. COMPARE gets KEY and an element, as that of bsearch(3) does.
 */
size_t sorted_before(const void *key, const void *array, size_t count, size_t size,
		     int (*compare)(const void *key, const void *element));

#endif
