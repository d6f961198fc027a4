/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "init/kept.h"

#include <errno.h>

#include "facts/needs_record.h"
#include "facts/sources.h"
#include "report/record.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DROPINS       "etc/passthru.conf.d"
#define FILE_SIZE_MAX (16 * 1024 * 1024)

/* What is not there is not kept. */
static int keep_file(const struct root *root, const char *directory, const char *name)
{
	_cleanup_free_ char *path = memory_printf("%s/%s", directory, name);
	_cleanup_free_ char *target = memory_printf(KEPT_DIRECTORY "/%s", directory);
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &text, &size);

	if (r == 0)
		r = root_replace_file(root, target, name, text);
	return r == -ENOENT ? 0 : r;
}

static int keep_dropin(const char *name, void *context)
{
	int r = keep_file(context, DROPINS, name);

	return r == -EISDIR ? 0 : r;
}

int kept_write(const struct root *root)
{
	static const char *const directories[] = {
		REPORT_DIRECTORY,          KEPT_DIRECTORY,
		KEPT_DIRECTORY "/etc",     KEPT_DIRECTORY "/usr",
		KEPT_DIRECTORY "/usr/lib",
	};
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(directories); i++)
		r = root_make_directory(root, directories[i]);
	if (r == 0)
		r = keep_file(root, "etc", "passthru.conf");
	if (r == 0)
		r = root_each_entry(root, DROPINS, keep_dropin, (void *)root);
	if (r == 0 || r == -ENOENT)
		r = keep_file(root, "usr/lib/passthru", "needs");
	return r;
}

int kept_open(const struct root *root, struct root *ret)
{
	_cleanup_free_ char *path = memory_printf("%s/" KEPT_DIRECTORY, root->path);

	return root_open(path, ret);
}
