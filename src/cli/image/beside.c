/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/beside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
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

char *beside_folder(const char *image, unsigned stub)
{
	_cleanup_free_ char *path = uki_path(image, stub);

	return memory_printf("%s" ADDONS_SUFFIX, path);
}

int beside_list_addons(const char *folder, struct names *addons)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(&here, folder, ".addon.efi", &names);

	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", folder, names.items[i]);

		names_add(addons, path);
	}
	return r == -ENOENT ? 0 : r;
}

/* IMAGE with a boot counter, as it is in its directory; or NULL. */
static char *find_counted(const char *image)
{
	const char *slash = strrchr(image, '/');
	_cleanup_free_ char *directory =
		slash ? memory_copy(image, (size_t)(slash + 1 - image)) : memory_dup("./");
	_cleanup_(names_free) struct names names = { 0 };

	listing_read(&here, directory, "", &names);
	for (size_t i = 0; i < names.count; i++) {
		_cleanup_free_ char *its = uki_path(names.items[i], 0);

		if (streq(its, slash ? slash + 1 : image))
			return memory_printf("%s%s", directory, names.items[i]);
	}
	return NULL;
}

char *beside_image(const char *addon)
{
	const char *slash = strrchr(addon, '/');
	size_t length = slash ? (size_t)(slash - addon) : 0, suffix = strlen(ADDONS_SUFFIX);
	char *image, *counted;

	if (length <= suffix || strncmp(slash - suffix, ADDONS_SUFFIX, suffix) != 0)
		return NULL;
	image = memory_copy(addon, length - suffix);
	counted = root_exists(&here, image) == -ENOENT ? find_counted(image) : NULL;
	if (!counted)
		return image;
	free(image);
	return counted;
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
