/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/identity.h"

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

char *identity_of_host(const struct root *root)
{
	static const char *const parts[] = { "sys_vendor", "product_name", "board_name" };
	char *identity = memory_copy("", 0);

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		_cleanup_free_ char *path = memory_printf("sys/class/dmi/id/%s", parts[i]);
		_cleanup_free_ char *before = NULL;
		_cleanup_free_ char *escaped = NULL;
		char text[256];

		if (root_read_attribute(root, path, text, sizeof(text)) <= 0)
			continue;
		escaped = text_escape(text);
		before = identity;
		identity = memory_printf("%s%s%s", before, *before ? " " : "", escaped);
	}
	return identity;
}
