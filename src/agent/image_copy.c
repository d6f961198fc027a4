/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/image_copy.h"

#include <stdlib.h>
#include <string.h>

#include "report/record.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

struct image_copy_file {
	char *path, *text;
};

void image_copy_add(const char *path, const char *text, void *copy)
{
	struct image_copy *its = copy;
	struct image_copy_file *file;

	its->files = memory_grow(its->files, its->count, sizeof(*file));
	file = &its->files[its->count++];
	file->path = memory_copy(path, strlen(path));
	file->text = memory_copy(text, strlen(text));
}

/* With the directories above it. */
static int write_file(const struct root *root, const char *path, const char *text)
{
	_cleanup_free_ char *directory = memory_dup(path);
	int r = root_make_parents(root, path);
	char *name = strrchr(directory, '/');

	*name++ = '\0';
	return r < 0 ? r : root_replace_file(root, directory, name, text);
}

int image_copy_write(const struct root *root, const struct image_copy *copy, char **ret_path)
{
	int r = root_make_directory(root, REPORT_DIRECTORY);

	if (r == 0)
		r = root_make_directory(root, IMAGE_COPY_DIRECTORY);
	if (r < 0)
		*ret_path = memory_dup(IMAGE_COPY_DIRECTORY);
	for (size_t i = 0; r == 0 && i < copy->count; i++) {
		char *path = memory_printf(IMAGE_COPY_DIRECTORY "/%s", copy->files[i].path);

		r = write_file(root, path, copy->files[i].text);
		if (r < 0)
			*ret_path = path;
		else
			free(path);
	}
	return r;
}

int image_copy_open(const struct root *root, struct root *ret)
{
	return root_enter(root, IMAGE_COPY_DIRECTORY, ret);
}

void image_copy_free(struct image_copy *copy)
{
	for (size_t i = 0; i < copy->count; i++) {
		free(copy->files[i].path);
		free(copy->files[i].text);
	}
	free(copy->files);
	*copy = (struct image_copy){ 0 };
}
