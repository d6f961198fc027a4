/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "system/fd.h"
#include "util/cleanup.h"
#include "util/memory.h"

static int make_directory(const struct root *root, const char *path)
{
	const char *name = NULL;
	_cleanup_close_ int parent_fd = root_open_parent(root, path, &name);

	if (parent_fd < 0)
		return parent_fd;
	return mkdirat(parent_fd, name, 0755) < 0 && errno != EEXIST ? -errno : 0;
}

int root_open_directory(const struct root *root, const char *path)
{
	int fd = root_open_path(root, path, O_PATH | O_DIRECTORY), r;

	if (fd != -ENOENT)
		return fd;
	r = make_directory(root, path);
	return r < 0 ? r : root_open_path(root, path, O_PATH | O_DIRECTORY);
}

int root_make_directory(const struct root *root, const char *path)
{
	_cleanup_close_ int fd = root_open_directory(root, path);

	return fd < 0 ? fd : 0;
}

int root_make_parents(const struct root *root, const char *path)
{
	_cleanup_free_ char *copy = memory_dup(path);
	char *last = strrchr(copy, '/');
	int r = 0;

	if (!last)
		return 0;
	*last = '\0';
	r = root_make_directory(root, copy);
	*last = '/';
	if (r != -ENOENT)
		return r;
	r = 0;
	for (char *slash = strchr(copy, '/'); r == 0 && slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		r = root_make_directory(root, copy);
		*slash = '/';
	}
	return r;
}

/* Blocks for all of SIZE bytes, the length of the file as it is; where that cannot be, for less. */
static void keep_room(int fd, size_t size, size_t least)
{
	while (size > least && fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, (off_t)size) < 0 &&
	       (errno == ENOSPC || errno == EDQUOT))
		size = least + (size - least) / 2;
}

static int write_fresh_file(int directory_fd, const char *name, const char *text, size_t room)
{
	_cleanup_close_ int fd = -1;

	unlinkat(directory_fd, name, 0); /* whatever an earlier run left, or somebody put there */
	fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	keep_room(fd, room, strlen(text));
	return fd_write(fd, text);
}

int root_replace_file(const struct root *root, const char *directory, const char *name,
		      const char *text)
{
	return root_replace_file_with_room(root, directory, name, text, 0);
}

int root_replace_file_with_room(const struct root *root, const char *directory, const char *name,
				const char *text, size_t room)
{
	_cleanup_free_ char *fresh = memory_printf("%s.new", name);
	_cleanup_close_ int fd = root_open_directory(root, directory);
	int r;

	if (fd < 0)
		return fd;
	r = write_fresh_file(fd, fresh, text, room);
	if (r == 0 && renameat(fd, fresh, fd, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(fd, fresh, 0);
	return r;
}

/* Newlines behind TEXT take the place of what was behind it, so that all of it is one write. */
static int overwrite(int fd, const char *text)
{
	size_t length = strlen(text), size;
	_cleanup_free_ char *whole = NULL;
	struct stat info;

	if (fstat(fd, &info) < 0)
		return -errno;
	size = (size_t)info.st_size > length ? (size_t)info.st_size : length;
	if (!S_ISREG(info.st_mode) || (uint64_t)info.st_blocks * 512 < size)
		return -ENOSPC;
	whole = memory_new(size + 1, 1);
	memset(stpcpy(whole, text), '\n', size - length);
	return fd_write(fd, whole);
}

int root_overwrite_file(const struct root *root, const char *directory, const char *name,
			const char *text)
{
	_cleanup_close_ int directory_fd = root_open_path(root, directory, O_PATH | O_DIRECTORY);
	_cleanup_close_ int fd = -1;

	if (directory_fd < 0)
		return directory_fd;
	fd = openat(directory_fd, name, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return fd < 0 ? -errno : overwrite(fd, text);
}

/* Where a file system cannot set blocks aside, as ramfs, zeros take them. */
static int fill_with_zeros(int fd, size_t size)
{
	static const char zeros[4096];

	while (size) {
		ssize_t n = write(fd, zeros, size < sizeof(zeros) ? size : sizeof(zeros));

		if (n < 0)
			return -errno;
		size -= (size_t)n;
	}
	return lseek(fd, 0, SEEK_SET) < 0 ? -errno : 0;
}

static int set_aside(int directory_fd, const char *name, size_t size)
{
	int fd, r = 0;

	unlinkat(directory_fd, name, 0);
	fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	if (fallocate(fd, 0, 0, (off_t)size) < 0)
		r = errno == EOPNOTSUPP || errno == ENOSYS ? fill_with_zeros(fd, size) : -errno;
	if (r == 0)
		return fd;
	unlinkat(directory_fd, name, 0);
	close(fd);
	return r;
}

int root_reserve_file(const struct root *root, const char *directory, const char *name, size_t size,
		      struct root_room *ret)
{
	char *room_name = memory_printf("%s.room", name);
	int directory_fd = root_open_directory(root, directory), fd;

	fd = directory_fd < 0 ? directory_fd : set_aside(directory_fd, room_name, size);
	if (fd >= 0) {
		*ret = (struct root_room){ true, directory_fd, fd, room_name };
		return 0;
	}
	free(room_name);
	if (directory_fd >= 0)
		close(directory_fd);
	return fd;
}

int root_replace_reserved(struct root_room *room, const char *name, const char *text)
{
	int r = fd_write(room->fd, text);

	if (r == 0 && ftruncate(room->fd, (off_t)strlen(text)) < 0)
		r = -errno;
	if (r == 0 && renameat(room->directory_fd, room->name, room->directory_fd, name) < 0)
		r = -errno;
	root_give_up_room(room);
	return r;
}

void root_give_up_room(struct root_room *room)
{
	if (!room->is_kept)
		return;
	unlinkat(room->directory_fd, room->name, 0); /* once it was renamed, nothing is called so */
	close(room->directory_fd);
	close(room->fd);
	free(room->name);
	*room = (struct root_room){ 0 };
}

static int write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t n = write(fd, bytes, size);

		if (n < 0)
			return -errno;
		bytes += n;
		size -= (size_t)n;
	}
	return fsync(fd) < 0 ? -errno : 0;
}

/* To rename over a device or a directory is never what was meant. */
static bool is_replaceable(int directory_fd, const char *name)
{
	struct stat info;

	return fstatat(directory_fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0 || S_ISREG(info.st_mode);
}

static int write_fresh_image(int directory_fd, const char *name, const char *bytes, size_t size)
{
	_cleanup_close_ int fd = -1;

	unlinkat(directory_fd, name, 0); /* what an earlier run left */
	fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : write_all(fd, bytes, size);
}

int root_write_image(const struct root *root, const char *path, const char *bytes, size_t size)
{
	const char *name = "";
	_cleanup_close_ int fd = root_open_parent(root, path, &name);
	_cleanup_free_ char *fresh = memory_printf("%s.new", name);
	int r;

	if (fd < 0)
		return fd;
	if (!is_replaceable(fd, name))
		return -EEXIST;
	r = write_fresh_image(fd, fresh, bytes, size);
	if (r == 0 && renameat(fd, fresh, fd, name) < 0)
		r = -errno;
	if (r < 0)
		unlinkat(fd, fresh, 0);
	return r;
}

static int write_whole(int directory_fd, const char *name, const char *text)
{
	_cleanup_close_ int fd = -1;

	unlinkat(directory_fd, name, 0); /* what an earlier run left */
	fd = openat(directory_fd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	return fd < 0 ? -errno : write_all(fd, text, strlen(text));
}

/* linkat(2) never replaces anything. */
int root_create_file(const struct root *root, const char *directory, const char *name,
		     const char *text)
{
	_cleanup_free_ char *fresh = memory_printf("%s.new", name);
	_cleanup_close_ int made = root_open_directory(root, directory);
	_cleanup_close_ int fd =
		made < 0 ? made : openat(made, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return made < 0 ? made : -errno;
	r = write_whole(fd, fresh, text);
	if (r == 0 && linkat(fd, fresh, fd, name, 0) < 0)
		r = -errno;
	unlinkat(fd, fresh, 0);
	if (r == 0 && fsync(fd) < 0)
		r = -errno;
	return r;
}

int root_remove(const struct root *root, const char *path)
{
	const char *name = NULL;
	_cleanup_close_ int fd = root_open_parent(root, path, &name);

	if (fd < 0)
		return fd;
	return unlinkat(fd, name, 0) < 0 ? -errno : 0;
}

#define PERMISSIONS 0777

int root_read_status(const struct root *root, const char *path, struct root_status *ret)
{
	const char *name = NULL;
	_cleanup_close_ int fd = root_open_parent(root, path, &name);
	struct stat status;

	if (fd < 0)
		return fd;
	if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (S_ISLNK(status.st_mode))
		return -ELOOP;
	*ret = (struct root_status){ status.st_uid, status.st_gid, status.st_mode & PERMISSIONS,
				     (uint64_t)status.st_size };
	return 0;
}

/* musl's fchmodat() brings a way around missing flags along, which is not needed here. */
static int change_mode(int directory_fd, const char *name, uint32_t mode)
{
	return (int)syscall(SYS_fchmodat, directory_fd, name, mode);
}

int root_write_status(const struct root *root, const char *path, const struct root_status *status)
{
	const char *name = NULL;
	_cleanup_close_ int fd = root_open_parent(root, path, &name);

	if (fd < 0)
		return fd;
	if (change_mode(fd, name, status->mode) < 0 ||
	    fchownat(fd, name, status->user, status->group, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}
