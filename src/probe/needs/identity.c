/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/identity.h"

#include <errno.h>

#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define DMI "sys/class/dmi/id/"

int identity_of_host(const struct root *root, char **ret, const char **ret_unread)
{
	static const char *const parts[] = { DMI "sys_vendor", DMI "product_name",
					     DMI "board_name" };
	char *identity = memory_copy("", 0);
	int error = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		_cleanup_free_ char *before = NULL;
		_cleanup_free_ char *escaped = NULL;
		char text[256];
		int r = root_read_attribute(root, parts[i], text, sizeof(text));

		if (r < 0 && !is_absent(r)) {
			*ret_unread = parts[i];
			error = error && r == -EFBIG ? error : r;
		}
		if (r <= 0)
			continue;
		escaped = text_escape(text);
		before = identity;
		identity = memory_printf("%s%s%s", before, *before ? " " : "", escaped);
	}
	*ret = identity;
	return error;
}
