/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/contents.h"

#include <errno.h>
#include <string.h>

#include "session/modprobe_files.h"
#include "session/sources.h"
#include "system/efi_variable.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/stub.h"

#define FILE_SIZE_MAX (16 * 1024 * 1024)

struct contents {
	const struct root *root;
	contents_visitor *function;
	void *context;
	int result;
};

static int on_configuration(const char *path, void *context)
{
	const struct contents *contents = context;

	return contents->function(path, true, contents->context);
}

/* A line of modprobe.d(5) says something of a stub, and not in a comment. */
static bool names_stub(char *text)
{
	for (char *line; (line = strsep(&text, "\n"));) {
		line[strcspn(line, "#")] = '\0';
		if (stub_is_named_in(line))
			return true;
	}
	return false;
}

static bool file_names_stub(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	return root_read_file(root, path, FILE_SIZE_MAX, &text, &size) == 0 && names_stub(text);
}

/*
 * Some file that is called NAME does, whether it counts or is hidden by another. Not in /run, which
 * is another one in the image.
 */
static bool name_is_of_stub(const struct root *root, const char *name)
{
	static const char *const directories[] = { MODPROBE_DIRECTORIES };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directories[i], name);

		if (strncmp(path, "run/", strlen("run/")) != 0 && file_names_stub(root, path))
			return true;
	}
	return false;
}

/* What there is, but cannot be read, may be a file. */
static bool is_file(const struct root *root, const char *path)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &text, &size);

	return r != -EINVAL && r != -EISDIR && r != -ENOENT;
}

static void on_options(const char *path, int error, void *context)
{
	struct contents *contents = context;
	const struct root *root = contents->root;

	if (contents->result != 0 || error < 0 || !name_is_of_stub(root, strrchr(path, '/') + 1))
		return;
	contents->result = contents->function(path, is_file(root, path), contents->context);
}

int contents_each_file(const struct root *root, contents_visitor *function, void *context)
{
	struct contents contents = { root, function, context, 0 };

	contents.result = sources_each_file(root, on_configuration, &contents);
	if (contents.result == 0)
		modprobe_each_file(root, false, on_options, &contents);
	return contents.result;
}

void contents_list_modules(const struct session *session, struct names *names)
{
	enum trial_choice trial = session->want.options.trial;

	stub_list_modules(names);
	for_each_decision(decision, &session->plan) {
		if (decision->verdict == VERDICT_TAKE)
			names_add_once(names, decision->module);
	}
	if (trial != TRIAL_NO && root_exists(session->input.root, EFI_VARIABLES) == 0)
		names_add_once(names, EFI_VARIABLES_MODULE);
}

/*
 * The one that libkmod takes for that of any kernel, in whatever root; "" where it finds none
 * either. The caller frees it.
 */
static char *running_cmdline(void)
{
	_cleanup_(root_close) struct root running = { .fd = -1 };
	char *cmdline;

	if (root_open("/", &running) < 0 || sources_read_cmdline(&running, NULL, &cmdline) < 0)
		return memory_dup("");
	return cmdline;
}

int contents_resolve_modules(const struct session *session, const char *release,
			     struct module_list *ret)
{
	const struct root *root = session->input.root;
	_cleanup_(names_free) struct names names = { 0 };
	_cleanup_free_ char *cmdline = running_cmdline();
	_cleanup_free_ char *tree = memory_printf(MODULE_TREES "/%s", release);
	struct module_index *modules;
	int r = root_exists(root, tree);

	if (r < 0)
		return r;
	modules = kmod_open_release(root, release);
	if (!modules)
		return -ENOENT;
	contents_list_modules(session, &names);
	for (size_t i = 0; r == 0 && i < names.count; i++) {
		r = kmod_list_add(modules, names.items[i], cmdline, ret);
		if (r == -ENOENT)
			r = 0;
	}
	module_index_close(modules);
	return r;
}
