/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "files.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"
#include "util/memory.h"

static void read_bytes(struct file *file, const struct stat *info)
{
	_cleanup_close_ int fd = open(file->path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t n;

	file->bytes = memory_new((size_t)info->st_size + 1, 1);
	n = fd < 0 ? -1 : read(fd, file->bytes, (size_t)info->st_size);
	if (n < 0)
		err(2, "%s", file->path);
	file->size = (size_t)n;
}

static void read_link(struct file *file)
{
	char target[PATH_MAX];
	ssize_t n = readlink(file->path, target, sizeof(target));

	if (n < 0)
		err(2, "%s", file->path);
	file->bytes = memory_copy(target, (size_t)n);
	file->size = (size_t)n;
}

static void add_below(struct files *files, const char *directory)
{
	_cleanup_closedir_ DIR *names = opendir(directory);
	struct dirent *entry;

	while (names && (entry = readdir(names))) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directory, entry->d_name);

		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			files_add(files, path);
	}
}

void files_add(struct files *files, const char *path)
{
	struct stat info;
	struct file *file;

	if (lstat(path, &info) < 0)
		return;
	files->items = memory_grow(files->items, files->count, sizeof(*file));
	file = &files->items[files->count++];
	file->path = memory_copy(path, strlen(path));
	file->mode = info.st_mode;
	file->owner = info.st_uid;
	if (S_ISREG(info.st_mode))
		read_bytes(file, &info);
	else if (S_ISLNK(info.st_mode))
		read_link(file);
	else if (S_ISDIR(info.st_mode))
		add_below(files, path);
}

void files_remove_below(const char *directory)
{
	_cleanup_closedir_ DIR *names = opendir(directory);
	struct dirent *entry;

	while (names && (entry = readdir(names))) {
		_cleanup_free_ char *path = memory_printf("%s/%s", directory, entry->d_name);

		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    unlink(path) == 0)
			continue;
		files_remove_below(path);
		rmdir(path);
	}
}

static void write_bytes(const struct file *file)
{
	_cleanup_close_ int fd =
		open(file->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, file->mode & 07777);

	if (fd < 0 || write(fd, file->bytes, file->size) != (ssize_t)file->size)
		err(2, "%s", file->path);
}

static void make(const struct file *file)
{
	if (S_ISDIR(file->mode) && mkdir(file->path, file->mode & 07777) < 0)
		err(2, "%s", file->path);
	else if (S_ISLNK(file->mode) && symlink(file->bytes, file->path) < 0)
		err(2, "%s", file->path);
	else if (S_ISREG(file->mode))
		write_bytes(file);
	if (file->owner != geteuid() && lchown(file->path, file->owner, (gid_t)-1) < 0)
		err(2, "%s", file->path);
}

void files_restore(const struct files *files, const char *directory)
{
	size_t length = strlen(directory);

	files_remove_below(directory);
	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->items[i].path;

		if (strncmp(path, directory, length) == 0 && path[length] == '/')
			make(&files->items[i]);
	}
}

void files_free(struct files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->items[i].path);
		free(files->items[i].bytes);
	}
	free(files->items);
	*files = (struct files){ 0 };
}
