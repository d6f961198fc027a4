/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/sorted.h"

size_t sorted_before(const void *key, const void *array, size_t count, size_t size,
		     int (*compare)(const void *key, const void *element))
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare(key, (const char *)array + middle * size) > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
