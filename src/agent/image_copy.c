/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "agent/image_copy.h"

#include <stdlib.h>
#include <string.h>

#include "report/record.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define KEPT REPORT_DIRECTORY "/image"

struct kept_file {
	char *path, *text;
};

void kept_add(const char *path, const char *text, void *kept)
{
	struct kept *its = kept;
	struct kept_file *file;

	its->files = memory_grow(its->files, its->count, sizeof(*file));
	file = &its->files[its->count++];
	file->path = memory_copy(path, strlen(path));
	file->text = memory_copy(text, strlen(text));
}

/* With the directories above it. */
static int write_file(const struct root *root, const struct kept_file *file)
{
	_cleanup_free_ char *path = memory_printf(KEPT "/%s", file->path);
	int r = 0;

	for (char *slash = strchr(path, '/'); slash;) {
		char *next = strchr(slash + 1, '/');

		*slash = '\0';
		r = next ? root_make_directory(root, path)
			 : root_replace_file(root, path, slash + 1, file->text);
		if (r < 0)
			return r;
		*slash = '/';
		slash = next;
	}
	return r;
}

int kept_write(const struct root *root, const struct kept *kept)
{
	int r = root_make_directory(root, REPORT_DIRECTORY);

	if (r == 0)
		r = root_make_directory(root, KEPT);
	for (size_t i = 0; r == 0 && i < kept->count; i++)
		r = write_file(root, &kept->files[i]);
	return r;
}

int kept_open(const struct root *root, struct root *ret)
{
	return root_enter(root, KEPT, ret);
}

void kept_free(struct kept *kept)
{
	for (size_t i = 0; i < kept->count; i++) {
		free(kept->files[i].path);
		free(kept->files[i].text);
	}
	free(kept->files);
	*kept = (struct kept){ 0 };
}
