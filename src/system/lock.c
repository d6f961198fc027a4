/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include "system/file.h"
#include "util/cleanup.h"

/* flock(2) itself has no time limit. */
static int lock(int fd, int timeout_ms)
{
	const struct timespec moment = { .tv_nsec = 10000000 };

	for (int waited = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; waited += 10) {
		if (errno != EWOULDBLOCK)
			return -errno;
		if (waited >= timeout_ms)
			return -ETIMEDOUT;
		nanosleep(&moment, NULL);
	}
	return 0;
}

int root_lock(const struct root *root, const char *directory, const char *name, int timeout_ms)
{
	_cleanup_close_ int directory_fd = root_open_directory(root, directory);
	int fd, r;

	if (directory_fd < 0)
		return directory_fd;
	fd = openat(directory_fd, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		    0600);
	if (fd < 0)
		return -errno;
	r = lock(fd, timeout_ms);
	if (r < 0) {
		close(fd);
		return r;
	}
	return fd;
}

void root_unlock(int fd)
{
	if (fd < 0)
		return;
	flock(fd, LOCK_UN);
	close(fd);
}
