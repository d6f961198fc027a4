/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/module.h"

#include <errno.h>
#include <libkmod.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "system/child.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

struct module_index {
	struct kmod_ctx *context;
	char *last_modalias, *last_variant; /* of module_find_variant(): twins come in a row */
};

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

static struct module_index *open_index(const char *directory, const char *const *config)
{
	struct module_index *modules;
	struct kmod_ctx *context = kmod_new(directory, config);

	if (!context)
		return NULL;
	kmod_set_log_fn(context, log_nothing, NULL);
	kmod_load_resources(context); /* only faster: without it each look-up opens the index */
	modules = memory_new(1, sizeof(*modules));
	modules->context = context;
	return modules;
}

/* The tree that an archive of ours brought wins over the image's own: it has the stubs. */
static char *directory_of_image(const struct root *root, const char *release)
{
	_cleanup_free_ char *path = memory_printf(MODULE_ARCHIVE "/%s", release);

	return root_exists(root, path) == 0 ? memory_printf("/%s", path) : NULL;
}

struct module_index *module_index_open(const struct root *root)
{
	_cleanup_free_ char *directory = NULL;
	struct utsname kernel;

	if (uname(&kernel) < 0)
		return NULL;
	if (root->is_confined)
		return module_index_open_release(root, kernel.release);
	directory = directory_of_image(root, kernel.release);
	return open_index(directory, NULL);
}

struct module_index *module_index_open_release(const struct root *root, const char *release)
{
	static const char *const no_config = NULL;
	_cleanup_free_ char *directory = module_directory(root, release);

	return directory ? open_index(directory, &no_config) : NULL;
}

void module_index_close(struct module_index *modules)
{
	if (!modules)
		return;
	kmod_unref(modules->context);
	free(modules->last_modalias);
	free(modules->last_variant);
	free(modules);
}

static char *look_for_variant(struct module_index *modules, const char *modalias)
{
	_cleanup_free_ char *alias = NULL;
	struct kmod_list *list = NULL, *entry;
	char *variant = NULL;

	if (strncmp(modalias, "pci:", 4) != 0)
		return NULL;
	alias = memory_printf("vfio_%s", modalias);
	if (kmod_module_new_from_lookup(modules->context, alias, &list) < 0)
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

char *module_find_variant(struct module_index *modules, const char *modalias)
{
	const char *variant;

	if (!modules)
		return NULL;
	if (!modules->last_modalias || !streq(modules->last_modalias, modalias)) {
		free(modules->last_modalias);
		free(modules->last_variant);
		modules->last_modalias = memory_dup(modalias);
		modules->last_variant = look_for_variant(modules, modalias);
	}
	variant = modules->last_variant;
	return variant ? memory_dup(variant) : NULL;
}

/* OPTIONS as libkmod puts them together: blanks between, the last one counts. */
static bool is_switched_on(const char *options, const char *option)
{
	_cleanup_free_ char *copy = memory_dup(options);
	struct parameter parameter;
	char *rest = copy;
	bool on = false;

	while ((rest = parameter_next(rest, &parameter))) {
		if (text_parameter_equal(parameter.name, option))
			on = !parameter.value || !strchr("0nN", *parameter.value);
	}
	return on;
}

bool module_has_switch(struct module_index *modules, const char *name, const char *option)
{
	struct kmod_module *module;
	const char *options;
	bool on;

	if (!modules || kmod_module_new_from_name(modules->context, name, &module) < 0)
		return false;
	options = kmod_module_get_options(module);
	on = options && is_switched_on(options, option);
	kmod_module_unref(module);
	return on;
}

/* Call FUNCTION with the path of MODULE below the directory of its index; built-in ones have none.
 */
static int tell_path(struct kmod_module *module, const char *directory,
		     int (*function)(const char *path, void *context), void *context)
{
	const char *path = kmod_module_get_path(module);
	size_t length = strlen(directory);

	if (!path || strncmp(path, directory, length) != 0 || path[length] != '/')
		return 0;
	return function(path + length + 1, context);
}

int module_each_file(struct module_index *modules, const char *name,
		     int (*function)(const char *path, void *context), void *context)
{
	struct kmod_module *module;
	struct kmod_list *needed, *entry;
	const char *directory;
	int r;

	if (!modules)
		return -ENOENT;
	r = kmod_module_new_from_name(modules->context, name, &module);
	if (r < 0)
		return r;
	directory = kmod_get_dirname(modules->context);
	r = tell_path(module, directory, function, context);
	needed = kmod_module_get_dependencies(module);
	kmod_list_foreach(entry, needed)
	{
		struct kmod_module *other = kmod_module_get_module(entry);

		if (r == 0)
			r = tell_path(other, directory, function, context);
		kmod_module_unref(other);
	}
	kmod_module_unref_list(needed);
	kmod_module_unref(module);
	return r;
}

struct load {
	struct kmod_ctx *context;
	const char *name, *options;
};

/* In the child. libkmod answers some failures with a positive number (a blacklist's). */
static int load(void *data)
{
	const struct load *load = data;
	struct kmod_module *module;
	int r = kmod_module_new_from_name(load->context, load->name, &module);

	if (r < 0)
		return r;
	r = kmod_module_probe_insert_module(module, KMOD_PROBE_IGNORE_COMMAND, load->options, NULL,
					    NULL, NULL);
	kmod_module_unref(module);
	return r > 0 ? -EPERM : r;
}

int module_load(struct module_index *modules, const char *name, const char *options, int timeout_ms)
{
	struct load arguments = { .name = name, .options = options };

	if (!modules)
		return -ENOENT;
	arguments.context = modules->context;
	return child_run(load, &arguments, timeout_ms, NULL);
}

/* In the child. Of several modules, one that loads will do. */
static int load_alias(void *data)
{
	const struct load *load = data;
	struct kmod_list *list = NULL, *entry;
	int result = kmod_module_new_from_lookup(load->context, load->name, &list);

	if (result >= 0)
		result = -ENOENT;
	kmod_list_foreach(entry, list)
	{
		struct kmod_module *module = kmod_module_get_module(entry);
		int r = kmod_module_probe_insert_module(
			module, KMOD_PROBE_IGNORE_COMMAND | KMOD_PROBE_APPLY_BLACKLIST_ALIAS_ONLY,
			NULL, NULL, NULL, NULL);

		if (result != 0)
			result = r > 0 ? -EPERM : r;
		kmod_module_unref(module);
	}
	kmod_module_unref_list(list);
	return result;
}

int module_load_alias(struct module_index *modules, const char *alias, int timeout_ms)
{
	struct load arguments = { .name = alias };

	if (!modules || !alias)
		return -ENOENT;
	arguments.context = modules->context;
	return child_run(load_alias, &arguments, timeout_ms, NULL);
}
