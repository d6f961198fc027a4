/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/cleanup.h"

/* Open what PATH is in, without an entry of another type of MODE, or for links any, in the way. */
static int open_place(const struct root *root, const char *path, mode_t mode, const char **ret_name)
{
	int fd = root_open_parent(root, path, ret_name);
	struct stat status;

	if (fd < 0 || fstatat(fd, *ret_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return fd;
	if ((status.st_mode & S_IFMT) != mode || mode == S_IFLNK)
		unlinkat(fd, *ret_name, S_ISDIR(status.st_mode) ? AT_REMOVEDIR : 0);
	return fd;
}

int tree_put_directory(const struct root *root, const char *path)
{
	const char *name = "";
	_cleanup_close_ int fd = open_place(root, path, S_IFDIR, &name);

	if (fd < 0)
		return fd;
	return mkdirat(fd, name, 0700) < 0 && errno != EEXIST ? -errno : 0;
}

int tree_put_file(const struct root *root, const char *path, const char *bytes, size_t size)
{
	const char *name = "";
	_cleanup_close_ int fd = open_place(root, path, S_IFREG, &name), file_fd = -1;

	if (fd < 0)
		return fd;
	file_fd = openat(fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (file_fd < 0)
		return -errno;
	while (size) {
		ssize_t n = write(file_fd, bytes, size);

		if (n < 0 && errno != EINTR)
			return -errno;
		bytes += n > 0 ? n : 0;
		size -= n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int tree_put_link(const struct root *root, const char *path, const char *target)
{
	const char *name = "";
	_cleanup_close_ int fd = open_place(root, path, S_IFLNK, &name);

	if (fd < 0)
		return fd;
	return symlinkat(target, fd, name) < 0 ? -errno : 0;
}
