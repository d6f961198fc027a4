/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "cli/image/uki.h"
#include "system/listing.h"
#include "system/root.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FILE_SIZE_MAX ((size_t)1 << 30)

static const struct root here = { .fd = AT_FDCWD };

int beside_read(const char *file, char **ret, size_t *ret_size)
{
	return root_read_file(&here, file, FILE_SIZE_MAX, ret, ret_size);
}

int beside_list_addons(const char *image, struct names *addons)
{
	_cleanup_free_ char *folder = memory_printf("%s" ADDONS_SUFFIX, image);
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(&here, folder, ".addon.efi", &names);

	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", folder, names.items[i]);

		names_add(addons, path);
	}
	return r == -ENOENT ? 0 : r;
}

char *beside_image(const char *addon)
{
	const char *slash = strrchr(addon, '/');
	size_t length = slash ? (size_t)(slash - addon) : 0, suffix = strlen(ADDONS_SUFFIX);

	if (length <= suffix || strncmp(slash - suffix, ADDONS_SUFFIX, suffix) != 0)
		return NULL;
	return memory_copy(addon, length - suffix);
}

int beside_stub(const char *file, unsigned *ret)
{
	_cleanup_free_ char *bytes = NULL;
	struct part part = { 0 };
	struct uki uki;
	int r = beside_read(file, &bytes, &part.size);

	part.bytes = bytes;
	if (r == 0)
		r = uki_read(&part, &uki);
	if (r == 0)
		*ret = uki.stub;
	return r;
}
