/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * system/root.h when a system call fails (--wrap of the linker): the error is returned, no
 * descriptor stays open, and no file is changed or left behind.
 */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "system/file.h"
#include "system/lock.h"
#include "system/root.h"
#include "tree.h"

/* --- system calls that fail */

/* Up to two calls, each once. */
static struct fault {
	const char *call;
	int error; /* positive errno */
} faults[2];

static bool fails(const char *call)
{
	for (size_t i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!faults[i].call || strcmp(faults[i].call, call) != 0)
			continue;
		faults[i].call = NULL;
		errno = faults[i].error;
		return true;
	}
	return false;
}

#define WRAP(type, name, parameters, arguments, failure)                   \
	type __real_##name parameters;                                     \
	type __wrap_##name parameters;                                     \
	type __wrap_##name parameters                                      \
	{                                                                  \
		return fails(#name) ? (failure) : __real_##name arguments; \
	}

WRAP(ssize_t, read, (int fd, void *buffer, size_t size), (fd, buffer, size), -1)
WRAP(ssize_t, write, (int fd, const void *buffer, size_t size), (fd, buffer, size), -1)
WRAP(ssize_t, readlinkat, (int fd, const char *path, char *buffer, size_t size),
     (fd, path, buffer, size), -1)
WRAP(int, fstat, (int fd, struct stat *info), (fd, info), -1)
WRAP(off_t, lseek, (int fd, off_t offset, int whence), (fd, offset, whence), -1)
WRAP(int, fallocate, (int fd, int mode, off_t offset, off_t size), (fd, mode, offset, size), -1)
WRAP(int, ftruncate, (int fd, off_t size), (fd, size), -1)
WRAP(int, fsync, (int fd), (fd), -1)
WRAP(int, flock, (int fd, int operation), (fd, operation), -1)
WRAP(int, mkdirat, (int fd, const char *path, mode_t mode), (fd, path, mode), -1)
WRAP(int, renameat, (int fd, const char *from, int new_fd, const char *to), (fd, from, new_fd, to),
     -1)

/* Of the calls that have no function of their own only that one fails. */
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	return number == SYS_getdents64 && fails("getdents64")
		       ? -1
		       : __real_syscall(number, a, b, c, d, e, f);
}

int __real_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...);
int __wrap_fcntl(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return fails("fcntl") ? -1 : __real_fcntl(fd, command, argument);
}

/* --- what is done meanwhile, with the file "d/a", which is "abc" */

static char buffer[64];

static int do_read(const struct root *root)
{
	return root_read(root, "d/a", buffer, sizeof(buffer));
}

static int do_read_attribute(const struct root *root)
{
	return root_read_attribute(root, "d/a", buffer, sizeof(buffer));
}

static int do_read_file(const struct root *root)
{
	_cleanup_free_ char *text = NULL;
	size_t size;
	int r = root_read_file(root, "d/a", 100, &text, &size);

	return r < 0 ? r : (int)size;
}

/* What grows has no size that could be looked up first. */
static int do_read_stream(const struct root *root)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	return root_read_stream(root, "d/a", 2, &text, &size);
}

static int do_write(const struct root *root)
{
	return root_write(root, "d/a", "xyz");
}

static int do_write_and_read(const struct root *root)
{
	int written;

	return root_write_and_read(root, "d/a", "abc", buffer, sizeof(buffer), &written);
}

static int do_readlink(const struct root *root)
{
	return root_readlink(root, "d/link", buffer, sizeof(buffer));
}

static int do_enter(const struct root *root)
{
	struct root entered;
	int r = root_enter(root, "d", &entered);

	if (r == 0)
		root_close(&entered);
	return r;
}

static int do_is_same(const struct root *root)
{
	return root_is_same(root, "d", ".");
}

static int count(const char *name, void *context)
{
	(void)name;
	++*(int *)context;
	return 0;
}

static int do_each_entry(const struct root *root)
{
	int entries = 0, r = root_each_entry(root, "d", count, &entries);

	return r < 0 ? r : entries;
}

static int do_make_directory(const struct root *root)
{
	return root_make_directory(root, "d/new");
}

static int do_lock(const struct root *root)
{
	int fd = root_lock(root, "d", "a", 0);

	if (fd < 0)
		return fd;
	root_unlock(fd);
	return 0;
}

static int do_overwrite(const struct root *root)
{
	return root_overwrite_file(root, "d", "a", "xyz");
}

static int do_replace(const struct root *root)
{
	return root_replace_file(root, "d", "a", "xyz");
}

static int do_write_image(const struct root *root)
{
	return root_write_image(root, "d/a", "xyz", 3);
}

/* What is set aside is as long as was said, whatever the file system can do. */
static int do_reserve(const struct root *root)
{
	struct root_room room = { 0 };
	struct stat info = { 0 };
	int r = root_reserve_file(root, "d", "a", 10000, &room);

	if (r == 0 && fstatat(root->fd, "d/a.room", &info, 0) == 0)
		r = (int)info.st_size;
	root_give_up_room(&room);
	return r;
}

static int do_replace_reserved(const struct root *root)
{
	struct root_room room = { 0 };
	int r = root_reserve_file(root, "d", "a", 10000, &room);

	return r < 0 ? r : root_replace_reserved(&room, "a", "xyz");
}

static const struct row {
	const char *name;
	int (*function)(const struct root *root);
	struct fault faults[2];
	int result;
	const char *content; /* of the file, NULL: "abc" */
} rows[] = {
	{ "read", do_read, { { "read", EIO } }, -EIO, NULL },
	{ "read: interrupted", do_read, { { "read", EINTR } }, 3, NULL },
	{ "read an attribute", do_read_attribute, { { "read", ENODEV } }, -ENODEV, NULL },
	{ "read an attribute: interrupted", do_read_attribute, { { "read", EINTR } }, 3, NULL },
	{ "read a file", do_read_file, { { "read", EIO } }, -EIO, NULL },
	{ "read a file: no status", do_read_file, { { "fstat", EIO } }, -EIO, NULL },
	{ "read a stream over the limit", do_read_stream, { { NULL } }, -EFBIG, NULL },
	{ "write", do_write, { { "write", EACCES } }, -EACCES, NULL },
	{ "write, and cannot read back",
	  do_write_and_read,
	  { { "lseek", ESPIPE } },
	  -ESPIPE,
	  NULL },
	{ "read a link", do_readlink, { { "readlinkat", EIO } }, -EIO, NULL },
	{ "enter a directory: too many files", do_enter, { { "fcntl", EMFILE } }, -EMFILE, NULL },
	{ "compare with the root", do_is_same, { { "fstat", EIO } }, -EIO, NULL },
	{ "each entry", do_each_entry, { { "getdents64", EIO } }, -EIO, NULL },
	{ "make a directory", do_make_directory, { { "mkdirat", EROFS } }, -EROFS, NULL },
	{ "lock", do_lock, { { "flock", ENOLCK } }, -ENOLCK, NULL },
	{ "overwrite: no status", do_overwrite, { { "fstat", EIO } }, -EIO, NULL },
	{ "overwrite", do_overwrite, { { "write", EIO } }, -EIO, NULL },
	{ "replace: write", do_replace, { { "write", ENOSPC } }, -ENOSPC, NULL },
	{ "replace: rename", do_replace, { { "renameat", EIO } }, -EIO, NULL },
	{ "image: write", do_write_image, { { "write", ENOSPC } }, -ENOSPC, NULL },
	{ "image: not on the disk", do_write_image, { { "fsync", EIO } }, -EIO, NULL },
	{ "image: rename", do_write_image, { { "renameat", EXDEV } }, -EXDEV, NULL },
	{ "set aside: no space", do_reserve, { { "fallocate", ENOSPC } }, -ENOSPC, NULL },
	{ "set aside: by zeros", do_reserve, { { "fallocate", EOPNOTSUPP } }, 10000, NULL },
	{ "set aside: no space for zeros",
	  do_reserve,
	  { { "fallocate", ENOSYS }, { "write", ENOSPC } },
	  -ENOSPC,
	  NULL },
	{ "set aside: zeros, and no way back",
	  do_reserve,
	  { { "fallocate", ENOSYS }, { "lseek", EIO } },
	  -EIO,
	  NULL },
	{ "replace what was set aside", do_replace_reserved, { { NULL } }, 0, "xyz" },
	{ "replace by zeros set aside",
	  do_replace_reserved,
	  { { "fallocate", EOPNOTSUPP } },
	  0,
	  "xyz" },
	{ "replace what was set aside: write",
	  do_replace_reserved,
	  { { "write", EIO } },
	  -EIO,
	  NULL },
	{ "replace what was set aside: cut off",
	  do_replace_reserved,
	  { { "ftruncate", EIO } },
	  -EIO,
	  NULL },
	{ "replace what was set aside: rename",
	  do_replace_reserved,
	  { { "renameat", EIO } },
	  -EIO,
	  NULL },
};

static int count_open(void)
{
	int open_files = 0;

	for (int fd = 0; fd < 64; fd++)
		open_files += fcntl(fd, F_GETFD) >= 0;
	return open_files;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *content = NULL;
	int open_files, entries, r;

	tree_write(&tree, "d/a", "abc");
	tree_link(&tree, "d/link", "a");
	open_files = count_open();
	memcpy(faults, row->faults, sizeof(faults));
	r = row->function(&tree.root);
	memset(faults, 0, sizeof(faults));
	content = tree_read(&tree, "d/a");
	entries = do_each_entry(&tree.root);
	assert_int_equal(count_open(), open_files);
	tree_remove(&tree);
	assert_int_equal(r, row->result);
	assert_string_equal(content, row->content ? row->content : "abc");
	assert_int_equal(entries, 2);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "fails", test_row, rows);
	return suite_run(&suite, "root_faults");
}
