/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define LINKS_MAX       40
#define PROC_ROOT_INODE 1 /* linux/include/linux/proc_fs.h PROC_ROOT_INO */

struct hop {
	int fd;
	char *name;
};

struct walk {
	int root_fd;
	struct hop *hops; /* the directories from the root to where we are */
	size_t depth;
	char *rest; /* what is still to be gone through, from here */
	unsigned links;
};

static int here(const struct walk *walk)
{
	return walk->depth ? walk->hops[walk->depth - 1].fd : walk->root_fd;
}

static void leave(struct walk *walk)
{
	struct hop *hop;

	if (!walk->depth)
		return;
	hop = &walk->hops[--walk->depth];
	close(hop->fd);
	free(hop->name);
}

static int enter(struct walk *walk, const char *name)
{
	int fd = openat(here(walk), name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	walk->hops = memory_grow(walk->hops, walk->depth, sizeof(*walk->hops));
	walk->hops[walk->depth++] = (struct hop){ fd, memory_dup(name) };
	return 0;
}

static void walk_end(struct walk *walk)
{
	while (walk->depth)
		leave(walk);
	free(walk->hops);
	free(walk->rest);
}

/* What the text of such a link says is not where it leads: only those of the first level are so. */
static bool has_magic_links(int directory_fd)
{
	struct statfs system;
	struct stat info;

	if (fstatfs(directory_fd, &system) < 0 || system.f_type != PROC_SUPER_MAGIC)
		return false;
	return fstat(directory_fd, &info) < 0 || info.st_ino != PROC_ROOT_INODE;
}

/* 1 when NAME is a link, and TARGET what it says; 0 when it is something else; negative errno. */
static int read_link(int directory_fd, const char *name, char target[static PATH_MAX])
{
	ssize_t length = readlinkat(directory_fd, name, target, PATH_MAX);

	if (length < 0)
		return errno == EINVAL ? 0 : -errno;
	if (length == PATH_MAX)
		return -ENAMETOOLONG;
	target[length] = '\0';
	return 1;
}

/* Go on with FIRST, then AFTER, which may be part of the rest as it was. */
static void set_rest(struct walk *walk, const char *first, const char *after)
{
	char *rest = memory_printf("%s%s", first, after);

	free(walk->rest);
	walk->rest = rest;
}

static int follow(struct walk *walk, const char *target, const char *after)
{
	if (has_magic_links(here(walk)))
		return -EXDEV;
	if (walk->links++ == LINKS_MAX)
		return -ELOOP;
	while (*target == '/' && walk->depth)
		leave(walk);
	set_rest(walk, target, after);
	return 0;
}

/* Go through NAME, which AFTER follows. Returns 1 when it is what is to be opened. */
static int go_through(struct walk *walk, const char *name, const char *after, int flags)
{
	char target[PATH_MAX];
	int r = 0;

	if (!*after && flags & O_NOFOLLOW)
		return 1;
	r = read_link(here(walk), name, target);
	if (r < 0)
		return r;
	if (r == 1)
		return follow(walk, target, after);
	if (!*after)
		return 1;
	r = enter(walk, name);
	if (r == 0)
		set_rest(walk, "", after);
	return r;
}

/* One name on. Returns 1 with *RET_LAST, to be freed, when that is what is to be opened. */
static int step(struct walk *walk, int flags, char **ret_last)
{
	const char *begin = walk->rest + strspn(walk->rest, "/");
	const char *after = begin + strcspn(begin, "/");
	_cleanup_free_ char *name = memory_copy(begin, (size_t)(after - begin));
	int r = 0;

	if (!*name) {
		*ret_last = memory_copy(".", 1);
		return 1;
	}
	if (streq(name, ".."))
		leave(walk);
	if (streq(name, "..") || streq(name, "."))
		set_rest(walk, "", after);
	else
		r = go_through(walk, name, after, flags);
	if (r == 1) {
		*ret_last = name;
		name = NULL;
	}
	return r;
}

/* By now it is no link, or was to be opened as one. */
static int open_last(const struct walk *walk, const char *name, int flags)
{
	int fd = openat(here(walk), name, flags | O_NOFOLLOW | O_CLOEXEC);
	struct stat info;

	if (fd < 0)
		return -errno;
	if (!(flags & O_PATH) || flags & O_NOFOLLOW)
		return fd;
	if (fstat(fd, &info) == 0 && !S_ISLNK(info.st_mode))
		return fd;
	close(fd);
	return -ELOOP;
}

static char *real_path(const struct walk *walk, const char *last)
{
	struct buffer path = { 0 };

	buffer_add(&path, "");
	for (size_t i = 0; i < walk->depth; i++)
		buffer_printf(&path, "/%s", walk->hops[i].name);
	if (!streq(last, "."))
		buffer_printf(&path, "/%s", last);
	return path.text;
}

int walk_open(int root_fd, const char *path, int flags, char **ret_real)
{
	_cleanup_(walk_end) struct walk walk = { .root_fd = root_fd };
	_cleanup_free_ char *last = NULL;
	int r;

	if (!*path)
		return -ENOENT;
	if (strlen(path) >= PATH_MAX)
		return -ENAMETOOLONG;
	walk.rest = memory_dup(path);
	do
		r = step(&walk, flags, &last);
	while (r == 0);
	if (!last)
		return r;
	r = open_last(&walk, last, flags);
	if (r >= 0 && ret_real)
		*ret_real = real_path(&walk, last);
	return r;
}
