/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/archive.h"

#include <string.h>

#include "cli/image/contents.h"
#include "cli/message.h"
#include "session/needs_record.h"
#include "system/installed.h"
#include "system/module.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/names.h"

#define AGENT         (AGENT_PATH + 1) /* below a root */
#define RDINIT        "passthru-init"
#define FILE_SIZE_MAX (256 * 1024 * 1024)

struct archive {
	struct cpio *cpio;
	const struct root *root;
};

static int add_file(const struct archive *archive, const char *from, const char *to, uint32_t mode)
{
	_cleanup_free_ char *bytes = NULL, *shown = memory_printf("/%s", from);
	size_t size;
	int r = root_read_file(archive->root, from, FILE_SIZE_MAX, &bytes, &size);

	if (r < 0)
		return cli_error(shown, r);
	cpio_add_file(archive->cpio, to, mode, bytes, size);
	return 0;
}

/* What is no file is an empty one here: what it hides may be in the image that this goes with. */
static int add_content(const char *path, bool is_file, void *context)
{
	const struct archive *archive = context;

	if (is_file)
		return add_file(archive, path, path, 0644);
	cpio_add_file(archive->cpio, path, 0644, "", 0);
	return 0;
}

int archive_add_agent(struct cpio *cpio, const struct root *root, const char *needs)
{
	struct archive archive = { cpio, root };
	int r;

	cpio_add_link(cpio, RDINIT, "init");
	r = contents_each_file(root, add_content, &archive);
	if (r == 0 && needs)
		cpio_add_file(cpio, NEEDS_RECORD, 0644, needs, strlen(needs));
	if (r == 0)
		r = add_file(&archive, AGENT, AGENT, 0755);
	if (r == 0)
		cpio_add_link(cpio, RDINIT, AGENT);
	return r;
}

static int add_name(const char *name, void *context)
{
	names_add_once(context, name);
	return 0;
}

/* The paths, in the module tree, of all that may be loaded. */
static void list_modules(const struct root *root, const char *release, const struct plan *plan,
			 struct names *ret)
{
	_cleanup_(names_free) struct names names = { 0 };
	struct module_index *modules = module_index_open_release(root, release);

	contents_list_modules(plan, &names);
	for (size_t i = 0; i < names.count; i++)
		module_each_file(modules, names.items[i], add_name, ret);
	module_index_close(modules);
}

static int add_of_tree(const struct archive *archive, const char *release, const char *path)
{
	_cleanup_free_ char *from = memory_printf(MODULE_TREES "/%s/%s", release, path);
	_cleanup_free_ char *to = memory_printf(MODULE_ARCHIVE "/%s/%s", release, path);

	return add_file(archive, from, to, 0644);
}

int archive_add_modules(struct cpio *cpio, const struct root *root, const char *release,
			const struct plan *plan)
{
	/* Whole: what is in no file of the archive is missing, as in any image. */
	static const char *const indexes[] = { "modules.dep.bin", "modules.alias.bin",
					       "modules.builtin.bin" };
	_cleanup_(names_free) struct names paths = { 0 };
	struct archive archive = { cpio, root };
	int r = 0;

	for (size_t i = 0; r == 0 && i < ARRAY_SIZE(indexes); i++)
		r = add_of_tree(&archive, release, indexes[i]);
	list_modules(root, release, plan, &paths);
	for (size_t i = 0; r == 0 && i < paths.count; i++)
		r = add_of_tree(&archive, release, paths.items[i]);
	return r;
}
