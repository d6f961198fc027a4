/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/kmod.h"

#include <errno.h>
#include <libkmod.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

struct kmod_access {
	struct module_index index;
	struct kmod_ctx *context;
};

static struct kmod_ctx *context_of(const struct module_index *modules)
{
	return ((const struct kmod_access *)modules)->context;
}

/* libkmod's own messages would repeat what our findings say. */
static void log_nothing(void *data, int priority, const char *file, int line, const char *function,
			const char *format, va_list arguments)
{
	(void)data, (void)priority, (void)file, (void)line, (void)function, (void)format;
	(void)arguments;
}

struct module_tree {
	const struct root *root;
	const char *path;
};

/* The indexes are "modules.*": libkmod opens them itself. */
static int refuse_index_link(const char *name, void *context)
{
	const struct module_tree *tree = context;
	_cleanup_free_ char *path = memory_printf("%s/%s", tree->path, name);
	char target[PATH_MAX];

	if (strncmp(name, "modules.", strlen("modules.")) != 0)
		return 0;
	return root_readlink(tree->root, path, target, sizeof(target)) == -EINVAL ? 0 : -ELOOP;
}

/*
 * What libkmod is to be told; NULL when there is none, or one that would lead it out of a confined
 * root. The caller frees it.
 */
static char *module_directory(const struct root *root, const char *release)
{
	_cleanup_free_ char *path = memory_printf(MODULE_TREES "/%s", release);
	struct module_tree tree = { root, path };
	char *directory = NULL;

	if (root->is_confined && root_each_entry(root, path, refuse_index_link, &tree) < 0)
		return NULL;
	return root_resolve(root, path, &directory) < 0 ? NULL : directory;
}

static char *find_variant(struct module_index *modules, const char *alias)
{
	struct kmod_list *list = NULL, *entry;
	char *variant = NULL;

	if (kmod_module_new_from_lookup(context_of(modules), alias, &list) < 0)
		return NULL;
	kmod_list_foreach(entry, list)
	{
		struct kmod_module *module = kmod_module_get_module(entry);
		const char *name = kmod_module_get_name(module);

		if (!variant && !streq(name, "vfio_pci"))
			variant = memory_dup(name);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return variant;
}

static char *options_of(struct module_index *modules, const char *name)
{
	struct kmod_module *module;
	const char *options;
	char *copy;

	if (kmod_module_new_from_name(context_of(modules), name, &module) < 0)
		return NULL;
	options = kmod_module_get_options(module);
	copy = options ? memory_dup(options) : NULL;
	kmod_module_unref(module);
	return copy;
}

/* libkmod answers some failures with a positive number (a blacklist's). */
static int load(struct module_index *modules, const char *name, const char *options)
{
	struct kmod_module *module;
	int r = kmod_module_new_from_name(context_of(modules), name, &module);

	if (r < 0)
		return r;
	r = kmod_module_probe_insert_module(module, KMOD_PROBE_IGNORE_COMMAND, options, NULL, NULL,
					    NULL);
	kmod_module_unref(module);
	return r > 0 ? -EPERM : r;
}

static void close_index(struct module_index *modules)
{
	kmod_unref(context_of(modules));
	free(modules);
}

static struct module_index *open_index(const char *directory, const char *const *config)
{
	static const struct module_access access = {
		.find_variant = find_variant,
		.options_of = options_of,
		.load = load,
		.close = close_index,
	};
	struct kmod_ctx *context = kmod_new(directory, config);
	struct kmod_access *modules;

	if (!context)
		return NULL;
	kmod_set_log_fn(context, log_nothing, NULL);
	kmod_load_resources(context); /* only faster: without it each look-up opens the index */
	modules = memory_new(1, sizeof(*modules));
	*modules = (struct kmod_access){ .index.access = &access, .context = context };
	return &modules->index;
}

struct module_index *kmod_open(const struct root *root, const char *cmdline, void *unused)
{
	static const char *const no_config = NULL;
	_cleanup_free_ char *directory = NULL;
	struct utsname kernel;

	(void)cmdline, (void)unused;
	if (uname(&kernel) < 0)
		return NULL;
	if (!root->is_confined)
		return open_index(NULL, NULL);
	directory = module_directory(root, kernel.release);
	return directory ? open_index(directory, &no_config) : NULL;
}

void kmod_find_modules(struct module_index *modules, const char *modalias, struct names *ret)
{
	struct kmod_list *list = NULL, *entry;

	if (kmod_module_new_from_lookup(context_of(modules), modalias, &list) < 0)
		return;
	kmod_list_foreach(entry, list)
	{
		struct kmod_module *module = kmod_module_get_module(entry);

		names_add_once(ret, kmod_module_get_name(module));
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
}

/* --- lists for images */

/* What modprobe.d(5) below ROOT will have to say at the next boot: not that in /run. */
static void list_directories(const struct root *root, struct names *ret)
{
	static const char *const directories[] = { "etc/modprobe.d", "usr/local/lib/modprobe.d",
						   "usr/lib/modprobe.d", "lib/modprobe.d" };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		_cleanup_free_ char *path = NULL;

		if (root_resolve(root, directories[i], &path) == 0)
			names_add(ret, path);
	}
}

struct module_index *kmod_open_release(const struct root *root, const char *release)
{
	_cleanup_free_ char *directory = module_directory(root, release);
	_cleanup_(names_free) struct names config = { 0 };
	_cleanup_free_ const char **paths = NULL;

	if (!directory)
		return NULL;
	list_directories(root, &config);
	paths = memory_new(config.count + 1, sizeof(paths[0]));
	for (size_t i = 0; i < config.count; i++)
		paths[i] = config.items[i];
	return open_index(directory, paths);
}

/* What one section is made of. Each module is in it once, which also ends softdeps in a circle. */
struct resolution {
	struct module_section *section;
	const char *directory, *cmdline;
	struct names seen;
};

static void resolve(struct resolution *resolution, struct kmod_module *module, bool is_soft);

/* Built-in ones have no path. */
static void add_file(struct resolution *resolution, struct kmod_module *module, bool is_soft)
{
	const char *path = kmod_module_get_path(module), *options = kmod_module_get_options(module);
	size_t length = strlen(resolution->directory);
	_cleanup_free_ char *kept = NULL;

	if (!path || strncmp(path, resolution->directory, length) != 0 || path[length] != '/')
		return;
	kept = module_options_without(options ? options : "", resolution->cmdline,
				      kmod_module_get_name(module));
	module_section_add(resolution->section, path + length + 1, kept, is_soft);
}

static void resolve_all(struct resolution *resolution, struct kmod_list *softdeps)
{
	struct kmod_list *entry;

	kmod_list_foreach(entry, softdeps)
	{
		struct kmod_module *module = kmod_module_get_module(entry);

		resolve(resolution, module, true);
		kmod_module_unref(module);
	}
	kmod_module_unref_list(softdeps);
}

/* MODULE itself, with its softdeps around it. */
static void add_module(struct resolution *resolution, struct kmod_module *module, bool is_soft)
{
	struct kmod_list *before = NULL, *behind = NULL;
	const char *name = kmod_module_get_name(module);

	if (names_has(&resolution->seen, name))
		return;
	names_add(&resolution->seen, name);
	kmod_module_get_softdeps(module, &before, &behind);
	resolve_all(resolution, before);
	add_file(resolution, module, is_soft);
	resolve_all(resolution, behind);
}

/* In the order of kmod/libkmod/libkmod-module.c __kmod_module_get_probe_list. */
static void resolve(struct resolution *resolution, struct kmod_module *module, bool is_soft)
{
	struct kmod_list *needed = kmod_module_get_dependencies(module), *entry;

	kmod_list_foreach(entry, needed)
	{
		struct kmod_module *other = kmod_module_get_module(entry);

		add_module(resolution, other, is_soft);
		kmod_module_unref(other);
	}
	kmod_module_unref_list(needed);
	add_module(resolution, module, is_soft);
}

static void add_aliases(struct kmod_module *module, struct names *ret)
{
	struct kmod_list *list = NULL, *entry;

	if (kmod_module_get_info(module, &list) < 0)
		return;
	kmod_list_foreach(entry, list)
	{
		const char *value = kmod_module_info_get_value(entry);

		if (streq(kmod_module_info_get_key(entry), "alias") &&
		    strncmp(value, "vfio_pci:", strlen("vfio_pci:")) == 0 && text_is_plain(value))
			names_add(ret, value);
	}
	kmod_module_info_free_list(list);
}

int kmod_list_add(struct module_index *modules, const char *name, const char *cmdline,
		  struct module_list *list)
{
	struct resolution resolution = { .directory = kmod_get_dirname(context_of(modules)),
					 .cmdline = cmdline };
	struct kmod_module *module;
	int r = kmod_module_new_from_name(context_of(modules), name, &module);

	if (r < 0)
		return r;
	if (kmod_module_get_path(module) ||
	    kmod_module_get_initstate(module) == KMOD_MODULE_BUILTIN) {
		resolution.section = module_list_add(list, name);
		add_aliases(module, &resolution.section->aliases);
		resolve(&resolution, module, false);
	} else {
		r = -ENOENT;
	}
	names_free(&resolution.seen);
	kmod_module_unref(module);
	return r;
}
