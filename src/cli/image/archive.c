/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/archive.h"

#include <errno.h>
#include <string.h>

#include "cli/message.h"
#include "session/modprobe_files.h"
#include "session/needs_record.h"
#include "session/sources.h"
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

static int add_configuration(const char *path, void *context)
{
	return add_file(context, path, path, 0644);
}

/* As hook/contents.sh has it: the line of modprobe.d(5) says something of a stub. */
static bool line_names_stub(const char *line)
{
	static const char *const words[] = { "vfio",    "pci-stub",    "pci_stub",
					     "pciback", "xen-privcmd", "xen_privcmd" };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		const char *word = strstr(line, words[i]);

		if (word && !memchr(line, '#', (size_t)(word - line)))
			return true;
	}
	return false;
}

static bool names_stub(char *text)
{
	for (char *line; (line = strsep(&text, "\n"));) {
		if (line_names_stub(line))
			return true;
	}
	return false;
}

/* The file PATH is there as text and names a stub. */
static bool file_names_stub(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	return root_read_file(root, path, FILE_SIZE_MAX, &text, &size) == 0 && names_stub(text);
}

/* Some file that is called NAME does, whether it counts or is hidden by another. */
static bool name_is_of_stub(const struct root *root, const char *name)
{
	static const char *const directories[] = { MODPROBE_DIRECTORIES };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directories[i], name);

		if (file_names_stub(root, path))
			return true;
	}
	return false;
}

struct option_files {
	const struct archive *archive;
	int error;
};

/* 1 for a file that can be read, 0 for what is none, such as a link to /dev/null. */
static int is_file(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &text, &size);

	if (r == -EINVAL || r == -EISDIR || r == -ENOENT)
		return 0;
	return r < 0 ? r : 1;
}

/* What is no file is an empty one here: what it hides may be in the image that this goes with. */
static void add_options_file(const char *path, int error, void *context)
{
	struct option_files *options = context;
	const struct archive *archive = options->archive;

	if (options->error < 0 || error < 0 ||
	    !name_is_of_stub(archive->root, strrchr(path, '/') + 1))
		return;
	if (is_file(archive->root, path) == 0)
		cpio_add_file(archive->cpio, path, 0644, "", 0);
	else
		options->error = add_file(archive, path, path, 0644);
}

/* The options with which the stubs are to be loaded. */
static int add_options(const struct archive *archive)
{
	struct option_files options = { archive, 0 };

	modprobe_each_file(archive->root, false, add_options_file, &options);
	return options.error;
}

int archive_add_agent(struct cpio *cpio, const struct root *root, const char *needs)
{
	struct archive archive = { cpio, root };
	int r;

	cpio_add_link(cpio, RDINIT, "init");
	r = sources_each_file(root, add_configuration, &archive);
	if (r == 0)
		r = add_options(&archive);
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
	/* As hook/contents.sh has them: the command line of any boot can ask for a stub. */
	static const char *const always[] = { "vfio-pci", "pci-stub", "xen-pciback",
					      "xen-privcmd" };
	struct module_index *modules = module_index_open_release(root, release);

	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		module_each_file(modules, always[i], add_name, ret);
	for (size_t i = 0; i < plan->count; i++) {
		if (plan->decisions[i].verdict == VERDICT_TAKE)
			module_each_file(modules, plan->decisions[i].module, add_name, ret);
	}
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
