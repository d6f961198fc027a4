/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kept.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/modprobe_files.h"
#include "session/sources.h"
#include "system/file.h"
#include "system/listing.h"
#include "trial/mark.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"
#include "util/text.h"

#define FILE_SIZE_MAX   (16 * 1024 * 1024)
#define DIGEST_SIZE_MAX 1024

const struct kept kept_good = { "var/lib/passthru/good", "var/lib/passthru/good.sha256" };
const struct kept kept_proven = { TRIAL_KEPT_DIRECTORY, TRIAL_KEPT_DIGEST };

static char *digest_of(const struct want *want)
{
	return memory_printf("%s\n%s\n", want->sha256, want->options_sha256);
}

static bool is_kept(const struct root *root, const struct kept *kept, const char *digest)
{
	_cleanup_free_ char *its = NULL;
	size_t size;

	return root_read_file(root, kept->digest, DIGEST_SIZE_MAX, &its, &size) == 0 &&
	       streq(its, digest);
}

struct copy {
	const struct root *from, *to;
	const char *directory;
};

static int copy_file(const char *path, bool is_file, void *context)
{
	const struct copy *copy = context;
	_cleanup_free_ char *to = memory_printf("%s/%s", copy->directory, path), *bytes = NULL;
	size_t size = 0;
	int r = is_file ? root_read_file(copy->from, path, FILE_SIZE_MAX, &bytes, &size) : 0;

	if (r == 0)
		r = root_make_parents(copy->to, to);
	return r < 0 ? r : root_write_image(copy->to, to, bytes ? bytes : "", size);
}

struct kept_walk {
	contents_visitor *function;
	void *context;
};

static int on_configuration(const char *path, void *context)
{
	const struct kept_walk *walk = context;

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

int kept_each_file(const struct root *root, contents_visitor *function, void *context)
{
	static const char *const directories[] = { MODPROBE_DIRECTORIES };
	struct kept_walk walk = { function, context };
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

static int remove_old(const struct root *root, const struct kept *kept)
{
	_cleanup_(root_close) struct root old = { .fd = -1 };
	int r = root_enter(root, kept->directory, &old);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	return kept_each_file(&old, remove_file, &old);
}

/* 0 when the copy has the same bytes. */
static int compare_file(const char *path, bool is_file, void *context)
{
	const struct copy *copy = context;
	_cleanup_free_ char *to = memory_printf("%s/%s", copy->directory, path);
	_cleanup_free_ char *bytes = NULL, *its = NULL;
	size_t size = 0, its_size;
	int r = is_file ? root_read_file(copy->from, path, FILE_SIZE_MAX, &bytes, &size) : 0;

	if (r == 0)
		r = root_read_file(copy->to, to, FILE_SIZE_MAX, &its, &its_size);
	if (r == 0 && (size != its_size || (size && memcmp(bytes, its, size) != 0)))
		r = -EBADMSG;
	return r;
}

/* The digest says what was written: a power cut, or somebody, may have damaged the files since. */
static bool is_whole(const struct copy *copy, const struct kept *kept, contents_walk *walk,
		     const char *digest)
{
	_cleanup_(root_close) struct root its = { .fd = -1 };
	_cleanup_(want_free) struct want want = { 0 };

	return is_kept(copy->to, kept, digest) && kept_open(copy->to, kept, &its, &want) == 0 &&
	       walk(copy->from, compare_file, (void *)copy) == 0;
}

/* The digest goes first and comes last: what is torn is none. */
int kept_write(const struct root *root, const struct kept *kept, const struct root *from,
	       contents_walk *walk, const struct want *want)
{
	_cleanup_free_ char *digest = digest_of(want);
	_cleanup_free_ char *inside = memory_printf("%s/", kept->directory);
	struct copy copy = { from, root, kept->directory };
	int r;

	if (is_whole(&copy, kept, walk, digest))
		return 0;
	r = root_remove(root, kept->digest);
	if (r < 0 && r != -ENOENT)
		return r;
	r = remove_old(root, kept);
	if (r == 0)
		r = root_make_parents(root, inside);
	if (r == 0)
		r = walk(from, copy_file, &copy);
	return r < 0 ? r : root_write_image(root, kept->digest, digest, strlen(digest));
}

int kept_open(const struct root *root, const struct kept *kept, struct root *ret,
	      struct want *ret_want)
{
	const struct sources_request request = { .reads_when_off = true, .at_next_boot = true };
	_cleanup_free_ char *digest = NULL;
	int r = root_exists(root, kept->digest);

	if (r == 0)
		r = root_enter(root, kept->directory, ret);
	if (r < 0)
		return r;
	sources_read(ret, &request, "", ret_want);
	digest = digest_of(ret_want);
	if (!ret_want->has_errors && is_kept(root, kept, digest))
		return 0;
	root_close(ret);
	return -EBADMSG;
}
