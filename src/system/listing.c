/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/listing.h"

#include <string.h>

#include "util/text.h"

struct listing {
	struct names names;
	const char *suffix;
};

static int add_name(const char *name, void *context)
{
	struct listing *listing = context;
	size_t length = strlen(name), tail = strlen(listing->suffix);

	if (length >= tail && streq(name + length - tail, listing->suffix))
		names_add(&listing->names, name);
	return 0;
}

int listing_read(const struct root *root, const char *directory, const char *suffix,
		 struct names *ret)
{
	struct listing listing = { .suffix = suffix };
	int r = root_each_entry(root, directory, add_name, &listing);

	if (r < 0)
		names_free(&listing.names);
	names_sort(&listing.names);
	*ret = listing.names;
	return r < 0 ? r : 0;
}
