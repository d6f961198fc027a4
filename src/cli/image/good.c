/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/good.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/fallback.h"
#include "session/modprobe_files.h"
#include "session/sources.h"
#include "system/file.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/text.h"

#define FILE_SIZE_MAX   (16 * 1024 * 1024)
#define DIGEST_SIZE_MAX 1024

bool good_is_asked_for(void)
{
	static const char *const signs[] = { "DPKG_MAINTSCRIPT_NAME", "KERNEL_INSTALL_LAYOUT",
					     "KERNEL_INSTALL_MACHINE_ID" };
	static const char *const no[] = { "no", "0", "false", "off" };
	const char *strict = getenv("PASSTHRU_STRICT");

	if (strict && *strict)
		return text_is_one_of(strict, no, ARRAY_SIZE(no));
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		const char *sign = getenv(signs[i]);

		if (sign && *sign)
			return true;
	}
	return false;
}

static char *digest_of(const struct want *want)
{
	return memory_printf("%s\n%s\n", want->sha256, want->options_sha256);
}

static bool is_kept(const struct root *root, const char *digest)
{
	_cleanup_free_ char *kept = NULL;
	size_t size;

	return root_read_file(root, GOOD_DIGEST, DIGEST_SIZE_MAX, &kept, &size) == 0 &&
	       streq(kept, digest);
}

static int copy_file(const char *path, bool is_file, void *context)
{
	const struct root *root = context;
	_cleanup_free_ char *to = memory_printf(GOOD_DIRECTORY "/%s", path), *bytes = NULL;
	size_t size = 0;
	int r = is_file ? root_read_file(root, path, FILE_SIZE_MAX, &bytes, &size) : 0;

	if (r == 0)
		r = root_make_parents(root, to);
	return r < 0 ? r : root_write_image(root, to, bytes ? bytes : "", size);
}

struct good_walk {
	contents_visitor *function;
	void *context;
};

static int on_configuration(const char *path, void *context)
{
	const struct good_walk *walk = context;

	return walk->function(path, true, walk->context);
}

static int each_in_directory(const struct root *root, const char *directory,
			     contents_visitor *function, void *context)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(root, directory, "", &names);

	if (r == -ENOENT)
		return 0;
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directory, names.items[i]);

		r = function(path, true, context);
	}
	return r;
}

int good_each_file(const struct root *root, contents_visitor *function, void *context)
{
	static const char *const directories[] = { MODPROBE_DIRECTORIES };
	struct good_walk walk = { function, context };
	int r = sources_each_file(root, on_configuration, &walk);

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(directories); i++)
		r = each_in_directory(root, directories[i], function, context);
	return r;
}

static int remove_file(const char *path, bool is_file, void *context)
{
	(void)is_file;
	return root_remove(context, path);
}

static int remove_old(const struct root *root)
{
	_cleanup_(root_close) struct root good = { .fd = -1 };
	int r = root_enter(root, GOOD_DIRECTORY, &good);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return good_each_file(&good, remove_file, &good);
}

/* The digest goes first and comes last: what is torn is none. */
int good_keep(const struct root *root, const struct want *want)
{
	_cleanup_free_ char *digest = digest_of(want);
	int r;

	if (is_kept(root, digest))
		return 0;
	r = root_remove(root, GOOD_DIGEST);
	if (r < 0 && r != -ENOENT)
		return r;
	r = remove_old(root);
	if (r == 0)
		r = root_make_parents(root, GOOD_DIRECTORY "/");
	if (r == 0)
		r = contents_each_file(root, copy_file, (void *)root);
	return r < 0 ? r : root_write_image(root, GOOD_DIGEST, digest, strlen(digest));
}

int good_open(const struct root *root, struct root *ret)
{
	const struct sources_request request = { .reads_when_off = true, .at_next_boot = true };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *digest = NULL;
	int r = root_exists(root, GOOD_DIGEST);

	if (r == 0)
		r = root_enter(root, GOOD_DIRECTORY, ret);
	if (r < 0)
		return r;
	sources_read(ret, &request, "", &want);
	digest = digest_of(&want);
	if (!want.has_errors && is_kept(root, digest))
		return 0;
	root_close(ret);
	*ret = (struct root){ .fd = -1 };
	return -EBADMSG;
}
