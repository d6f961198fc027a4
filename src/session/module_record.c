/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/module_record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "session/modprobe_files.h"
#include "system/listing.h"
#include "system/module.h"
#include "util/cleanup.h"
#include "util/depmod.h"
#include "util/memory.h"
#include "util/modprobe.h"
#include "util/text.h"
#include "want/stub.h"

#define LIST_SIZE_MAX    (16 * 1024 * 1024)
#define OPTIONS_SIZE_MAX (1 << 20)

char *module_record_path(const char *release)
{
	return memory_printf(MODULE_ARCHIVE "/%s.list", release);
}

/* The first list of another kernel that IMAGE has, as a reason; NULL for none. */
static char *other_kernel_error(const struct root *image, const char *release)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(image, MODULE_ARCHIVE, ".list", &names);

	if (r < 0 && r != -ENOENT)
		return memory_printf("could not read /" MODULE_ARCHIVE ": %s", strerror(-r));
	if (!names.count)
		return NULL;
	return memory_printf("could not find /" MODULE_ARCHIVE
			     "/%s.list: there is %s, of another kernel",
			     release, names.items[0]);
}

static char *module_record_error(const struct root *image, const char *release, int error,
				 unsigned line)
{
	_cleanup_free_ char *path = module_record_path(release);

	if (error == -ENOENT)
		return other_kernel_error(image, release);
	if (error != -EBADMSG)
		return memory_printf("could not read /%s: %s", path,
				     error == -EINVAL ? "it is no regular file" : strerror(-error));
	return memory_printf("could not use /%s: line %u is malformed", path, line);
}

int module_record_read(const struct root *image, const char *release, text_sink sink,
		       void *sink_context, struct module_list *ret, char **ret_why)
{
	_cleanup_free_ char *path = module_record_path(release);
	_cleanup_free_ char *text = NULL;
	unsigned line = 0;
	size_t size;
	int r = root_read_file(image, path, MODULE_LIST_SIZE_MAX, &text, &size);

	if (r == 0)
		r = module_list_parse(text, size, ret, &line);
	if (r < 0)
		*ret_why = module_record_error(image, release, r, line);
	else if (sink)
		sink(path, text, sink_context);
	return r;
}

/* --- without it */

/* The list NAME of depmod, "" where there is none. The caller frees it. */
static char *read_list(const struct root *root, const char *release, const char *name)
{
	_cleanup_free_ char *path = memory_printf(MODULE_TREES "/%s/%s", release, name);
	char *text;
	size_t size;

	return root_read_file(root, path, LIST_SIZE_MAX, &text, &size) < 0 ? memory_dup("") : text;
}

static void add_file(struct module_section *section, const char *path)
{
	_cleanup_free_ char *name = module_name_of(path);

	if (name && *path != '/' && !strstr(path, ".."))
		module_section_add(section, path, "", false);
}

/* The last one is needed first (kmod/libkmod/libkmod-module.c kmod_module_parse_depline). */
static void add_files(struct module_section *section, char *files)
{
	for (char *last; (last = strrchr(files, ' ')); *last = '\0')
		add_file(section, last + 1);
	add_file(section, files);
}

static void add_module(struct module_list *list, const char *dependencies, const char *name)
{
	_cleanup_free_ char *files = depmod_files(dependencies, name);

	if (files && !module_list_find(list, name))
		add_files(module_list_add(list, name), files);
}

struct variants {
	struct module_list *list;
	const char *dependencies;
};

static void add_variant(const char *alias, const char *module, void *context)
{
	const struct variants *variants = context;
	struct module_list *list = variants->list;

	add_module(list, variants->dependencies, module);
	for (size_t i = 0; i < list->count; i++) {
		if (text_parameter_equal(list->sections[i].name, module))
			names_add(&list->sections[i].aliases, alias);
	}
}

static void add_options(struct module_file *file, const char *module, const char *options)
{
	_cleanup_free_ char *name = module_name_of(file->path);
	char *all;

	if (!name || !text_parameter_equal(name, module))
		return;
	all = memory_printf("%s%s%s", file->options, *file->options ? " " : "", options);
	free(file->options);
	file->options = all;
}

static void on_line(char *line, unsigned number, void *context)
{
	struct module_list *list = context;
	char *rest = line;
	const char *module;

	(void)number;
	if (!streq(modprobe_next_word(&rest), "options"))
		return;
	module = modprobe_next_word(&rest);
	for (size_t s = 0; s < list->count; s++) {
		for (size_t f = 0; f < list->sections[s].file_count; f++)
			add_options(&list->sections[s].files[f], module, rest);
	}
}

struct options_target {
	const struct root *root;
	struct module_list *list;
};

/* What cannot be read has been told when the stub drivers' own lists were looked for in it. */
static void read_options(const char *path, int error, void *context)
{
	const struct options_target *options = context;
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (error == 0 && root_read_file(options->root, path, OPTIONS_SIZE_MAX, &text, &size) == 0)
		modprobe_each_line(text, on_line, options->list);
}

void module_record_derive(const struct root *root, const char *release, struct module_list *ret)
{
	_cleanup_free_ char *dependencies = read_list(root, release, "modules.dep");
	_cleanup_free_ char *aliases = read_list(root, release, "modules.alias");
	_cleanup_(names_free) struct names names = { 0 };
	struct variants variants = { ret, dependencies };
	struct options_target options = { root, ret };

	stub_list_modules(&names);
	for (size_t i = 0; i < names.count; i++)
		add_module(ret, dependencies, names.items[i]);
	depmod_each_alias(aliases, "vfio_pci:", add_variant, &variants);
	if (!root->is_confined)
		modprobe_each_file(root, true, read_options, &options);
}
