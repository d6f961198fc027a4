/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/modprobe_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct files {
	char **paths;
	size_t count;
};

static const char *name_of(const char *path)
{
	return strrchr(path, '/') + 1;
}

static int compare_paths(const void *a, const void *b)
{
	return strcmp(name_of(*(char *const *)a), name_of(*(char *const *)b));
}

static bool ends_in(const char *name, const char *end)
{
	size_t length = strlen(name), tail = strlen(end);

	return length > tail && strcmp(name + length - tail, end) == 0;
}

/* The first BEFORE of FILES are sorted, and hide others of their names. */
static void add_file(struct files *files, size_t before, const char *directory, const char *name)
{
	char *path = memory_printf("%s/%s", directory, name);

	if (before &&
	    bsearch(&path, files->paths, before, sizeof(files->paths[0]), compare_paths)) {
		free(path);
		return;
	}
	files->paths = memory_grow(files->paths, files->count, sizeof(files->paths[0]));
	files->paths[files->count++] = path;
}

static int add_directory(struct files *files, const struct root *root, const char *directory)
{
	_cleanup_(names_free) struct names names = { 0 };
	size_t before = files->count;
	int r = listing_read(root, directory, "", &names);

	for (size_t i = 0; i < names.count; i++) {
		if (ends_in(names.items[i], ".conf") || ends_in(names.items[i], ".alias"))
			add_file(files, before, directory, names.items[i]);
	}
	if (files->count)
		qsort(files->paths, files->count, sizeof(files->paths[0]), compare_paths);
	return r == -ENOENT || r == -ENOTDIR ? 0 : r;
}

static void files_free(struct files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->paths[i]);
	free(files->paths);
}

void modprobe_each_file(const struct root *root, bool with_run,
			void (*function)(const char *path, int error, void *context), void *context)
{
	static const char *const directories[] = { MODPROBE_DIRECTORIES };
	_cleanup_(files_free) struct files files = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(directories); i++) {
		int r = 0;

		if (with_run || strncmp(directories[i], "run/", strlen("run/")) != 0)
			r = add_directory(&files, root, directories[i]);
		if (r < 0)
			function(directories[i], r, context);
	}
	for (size_t i = 0; i < files.count; i++)
		function(files.paths[i], 0, context);
}
