/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#ifndef MODULE_INIT_COMPRESSED_FILE /* linux/module.h before Linux 5.17 */
#define MODULE_INIT_COMPRESSED_FILE 4
#endif

struct replay {
	struct module_index index;
	const struct root *root;
	char *release, *cmdline;
	struct module_list list;
};

static const struct replay *replay_of(const struct module_index *modules)
{
	return (const struct replay *)modules;
}

static char *find_variant(struct module_index *modules, const char *alias)
{
	const struct module_section *section =
		module_list_match(&replay_of(modules)->list, alias, "vfio-pci");

	return section ? memory_dup(section->name) : NULL;
}

/* The file of module NAME in SECTION, or NULL. */
static const struct module_file *find_file(const struct module_section *section, const char *name)
{
	for (size_t i = 0; i < section->file_count; i++) {
		_cleanup_free_ char *its = module_name_of(section->files[i].path);

		if (its && text_parameter_equal(its, name))
			return &section->files[i];
	}
	return NULL;
}

static char *options_of(struct module_index *modules, const char *name)
{
	const struct replay *replay = replay_of(modules);
	const struct module_file *file = NULL;

	for (size_t i = 0; !file && i < replay->list.count; i++)
		file = find_file(&replay->list.sections[i], name);
	return module_options_add(file ? memory_dup(file->options) : NULL, replay->cmdline, name);
}

/* One that is on its way is no such: finit_module(2) waits for it. */
static bool is_loaded(const struct root *root, const char *name)
{
	_cleanup_free_ char *directory = memory_printf("sys/module/%s", name);
	_cleanup_free_ char *path = memory_printf("%s/initstate", directory);
	char state[16];
	int r = root_read_attribute(root, path, state, sizeof(state));

	/* Built-in ones have no state. */
	return r == -ENOENT ? root_exists(root, directory) == 0 : r > 0 && streq(state, "live");
}

static int insert(int fd, const char *path, const char *options)
{
	size_t length = strlen(path), end = strlen(".ko");
	bool is_plain = length > end && streq(path + length - end, ".ko");

	if (syscall(SYS_finit_module, fd, options, is_plain ? 0 : MODULE_INIT_COMPRESSED_FILE) < 0)
		return errno == EEXIST ? 0 : -errno;
	return 0;
}

/* -ENOENT when it is not there, else what came of it. */
static int insert_path(const struct replay *replay, const char *tree, const char *file,
		       const char *end, const char *options)
{
	_cleanup_free_ char *path = memory_printf("%s/%s/%s%s", tree, replay->release, file, end);
	_cleanup_close_ int fd = root_open_path(replay->root, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? fd : insert(fd, path, options);
}

static int insert_file(const struct replay *replay, const char *path, const char *options)
{
	static const char *const ends[] = { "", ".xz", ".zst", ".gz" };
	const char *file = strrchr(path, '/') ? strrchr(path, '/') : path;
	size_t length = (size_t)(strstr(file, ".ko") - path) + strlen(".ko");
	_cleanup_free_ char *plain = memory_copy(path, length);
	int r = insert_path(replay, MODULE_ARCHIVE, plain, "", options);

	if (r == -ENOENT)
		r = insert_path(replay, MODULE_TREES, path, "", options);
	for (size_t i = 0; r == -ENOENT && i < ARRAY_SIZE(ends); i++)
		r = insert_path(replay, MODULE_TREES, plain, ends[i], options);
	return r;
}

/* EXTRA or NULL behind its options. */
static int load_file(const struct replay *replay, const struct module_file *file, const char *extra)
{
	_cleanup_free_ char *name = module_name_of(file->path);
	_cleanup_free_ char *known = NULL, *options = NULL;

	if (is_loaded(replay->root, name))
		return 0;
	known = module_options_add(memory_dup(file->options), replay->cmdline, name);
	options = memory_printf("%s%s%s", known, extra && *known ? " " : "", extra ? extra : "");
	return insert_file(replay, file->path, options);
}

static int load(struct module_index *modules, const char *name, const char *options)
{
	const struct replay *replay = replay_of(modules);
	const struct module_section *section = module_list_find(&replay->list, name);
	int r = 0;

	if (!section)
		return is_loaded(replay->root, name) ? 0 : -ENOENT;
	for (size_t i = 0; r == 0 && i < section->file_count; i++) {
		const struct module_file *file = &section->files[i];
		_cleanup_free_ char *its = module_name_of(file->path);

		r = load_file(replay, file, text_parameter_equal(its, name) ? options : NULL);
		if (file->is_soft)
			r = 0;
	}
	return r;
}

static void replay_close(struct module_index *modules)
{
	struct replay *replay = (struct replay *)modules;

	module_list_free(&replay->list);
	free(replay->release);
	free(replay->cmdline);
	free(replay);
}

struct module_index *replay_new(const struct root *root, const char *release,
				struct module_list *list, const char *cmdline)
{
	static const struct module_access access = {
		.find_variant = find_variant,
		.options_of = options_of,
		.load = load,
		.close = replay_close,
	};
	struct replay *replay = memory_new(1, sizeof(*replay));

	*replay = (struct replay){
		.index.access = &access,
		.root = root,
		.release = memory_dup(release),
		.cmdline = memory_dup(cmdline),
		.list = *list,
	};
	*list = (struct module_list){ 0 };
	return &replay->index;
}
