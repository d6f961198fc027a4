/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/root.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "system/fd.h"
#include "system/walk.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FIRST_CHUNK    4096
#define CONFINED_TRIES 1000

/* Has room for several names of NAME_MAX bytes. */
#define DIRECTORY_CHUNK 2048

int root_open(const char *path, struct root *ret)
{
	int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*ret = (struct root){
		.fd = fd,
		.is_confined = !streq(path, "/"),
		.path = memory_dup(path),
	};
	return 0;
}

void root_close(struct root *root)
{
	if (root->fd >= 0)
		close(root->fd);
	free(root->path);
	free(root->place);
	*root = (struct root){ .fd = -1 };
}

/*
 * The kernel answers EAGAIN when anything at all was renamed or mounted while it followed a "..",
 * of which sysfs is full.
 */
static int open_in_root(int root_fd, const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.resolve = RESOLVE_IN_ROOT,
	};
	int fd, tries = CONFINED_TRIES;

	do
		fd = (int)syscall(SYS_openat2, root_fd, path, &how, sizeof(how));
	while (fd < 0 && errno == EAGAIN && --tries);
	return fd < 0 ? -errno : fd;
}

/* A kernel or a sandbox may have meant the call. Where it meant the file, the walk says so again.
 */
static bool may_be_refused(int error)
{
	static const int errors[] = { -ENOSYS, -EPERM,  -EACCES,    -EINVAL,
				      -E2BIG,  -EAGAIN, -EOPNOTSUPP };

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++) {
		if (error == errors[i])
			return true;
	}
	return false;
}

/* Below another root than the host's, links must not lead out. */
static int open_confined(int root_fd, const char *path, int flags)
{
	int fd = open_in_root(root_fd, path, flags);

	return may_be_refused(fd) ? walk_open(root_fd, path, flags, NULL) : fd;
}

/* PATH from where ROOT itself begins. The caller frees it. */
static char *whole_path(const struct root *root, const char *path)
{
	return root->place ? memory_printf("%s/%s", root->place, path) : memory_dup(path);
}

int root_open_path(const struct root *root, const char *path, int flags)
{
	_cleanup_free_ char *whole = root->place ? whole_path(root, path) : NULL;
	int fd;

	if (root->access)
		return -EROFS;
	if (root->is_confined)
		return open_confined(root->fd, whole ? whole : path, flags);
	fd = openat(root->fd, path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int find(const struct root *root, const char *path, struct root_entry *ret)
{
	return root->access->find(root, path, true, ret);
}

static int find_file(const struct root *root, const char *path, struct root_entry *ret)
{
	int r = find(root, path, ret);

	return r == 0 && ret->kind == ROOT_DIRECTORY ? -EISDIR : r;
}

static int enter_node(const struct root *root, const char *path, struct root *ret)
{
	struct root_entry entry;
	int r = find(root, path, &entry);

	if (r == 0 && entry.kind != ROOT_DIRECTORY)
		r = -ENOTDIR;
	if (r == 0)
		*ret = (struct root){
			.fd = -1, .is_confined = true, .access = root->access, .node = entry.node
		};
	return r;
}

int root_enter(const struct root *root, const char *path, struct root *ret)
{
	int fd;

	if (root->access)
		return enter_node(root, path, ret);
	fd = root_open_path(root, path, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return fd;
	*ret = (struct root){ .fd = fd, .is_confined = root->is_confined };
	if (!root->is_confined)
		return 0;
	close(fd);
	ret->fd = fcntl(root->fd, F_DUPFD_CLOEXEC, 0);
	ret->path = memory_dup(root->path);
	ret->place = whole_path(root, path);
	if (ret->fd >= 0)
		return 0;
	fd = -errno;
	root_close(ret);
	return fd;
}

/* Fill BUFFER until the end of the file or SIZE bytes. Returns the length. */
static ssize_t read_up_to(int fd, char *buffer, size_t size)
{
	size_t used = 0;

	while (used < size) {
		ssize_t n = read(fd, buffer + used, size - used);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

/* The whole of it, terminated. */
static int read_whole(int fd, char *buffer, size_t size)
{
	ssize_t length = read_up_to(fd, buffer, size);

	if (length < 0)
		return (int)length;
	if ((size_t)length == size)
		return -EFBIG;
	buffer[length] = '\0';
	return (int)length;
}

/* One read gets all of it that there is room for, so a short one needs no other to find the end. */
static int read_attribute(int fd, char *buffer, size_t size)
{
	ssize_t length;

	do
		length = read(fd, buffer, size);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	if ((size_t)length == size)
		return -EFBIG;
	if (length > 0 && buffer[length - 1] == '\n')
		length--;
	buffer[length] = '\0';
	return (int)length;
}

static int read_node(const struct root *root, const char *path, char *buffer, size_t size)
{
	struct root_entry entry;
	int r = find_file(root, path, &entry);

	if (r < 0)
		return r;
	if (entry.size >= size)
		return -EFBIG;
	memcpy(buffer, entry.text, entry.size);
	buffer[entry.size] = '\0';
	return (int)entry.size;
}

int root_read(const struct root *root, const char *path, char *buffer, size_t size)
{
	_cleanup_close_ int fd = -1;

	if (root->access)
		return read_node(root, path, buffer, size);
	fd = root_open_path(root, path, O_RDONLY | O_NONBLOCK);
	return fd < 0 ? fd : read_whole(fd, buffer, size);
}

int root_read_attribute(const struct root *root, const char *path, char *buffer, size_t size)
{
	_cleanup_close_ int fd = -1;

	if (root->access) {
		int length = read_node(root, path, buffer, size);

		if (length > 0 && buffer[length - 1] == '\n')
			buffer[--length] = '\0';
		return length;
	}
	fd = root_open_path(root, path, O_RDONLY | O_NONBLOCK);
	return fd < 0 ? fd : read_attribute(fd, buffer, size);
}

/* The whole of FD, up to LIMIT bytes, as *RET. */
static int read_all(int fd, size_t limit, char **ret, size_t *ret_size)
{
	_cleanup_free_ char *text = NULL;
	size_t size = 0, used = 0;

	do {
		ssize_t n;

		size = size ? size * 2 : FIRST_CHUNK;
		text = memory_resize(text, size + 1);
		n = read_up_to(fd, text + used, size - used);
		if (n < 0)
			return (int)n;
		used += (size_t)n;
		if (used > limit)
			return -EFBIG;
	} while (used == size);
	text[used] = '\0';
	*ret = text;
	*ret_size = used;
	text = NULL;
	return 0;
}

static int copy_node(const struct root *root, const char *path, size_t limit, char **ret,
		     size_t *ret_size)
{
	struct root_entry entry;
	int r = find_file(root, path, &entry);

	if (r < 0)
		return r;
	if (entry.size > limit)
		return -EFBIG;
	*ret = memory_copy(entry.text, entry.size);
	*ret_size = entry.size;
	return 0;
}

int root_read_file(const struct root *root, const char *path, size_t limit, char **ret,
		   size_t *ret_size)
{
	_cleanup_close_ int fd = -1;
	struct stat info;

	if (root->access)
		return copy_node(root, path, limit, ret, ret_size);
	fd = root_open_path(root, path, O_RDONLY | O_NONBLOCK);
	if (fd < 0)
		return fd;
	if (fstat(fd, &info) < 0)
		return -errno;
	/* From anything else than a file one could wait for ever. */
	if (!S_ISREG(info.st_mode))
		return S_ISDIR(info.st_mode) ? -EISDIR : -EINVAL;
	if (info.st_size > 0 && (uint64_t)info.st_size > limit)
		return -EFBIG;
	return read_all(fd, limit, ret, ret_size);
}

int root_read_stream(const struct root *root, const char *path, size_t limit, char **ret,
		     size_t *ret_size)
{
	_cleanup_close_ int fd = root_open_path(root, path, O_RDONLY);

	return fd < 0 ? fd : read_all(fd, limit, ret, ret_size);
}

int root_write(const struct root *root, const char *path, const char *text)
{
	_cleanup_close_ int fd = root_open_path(root, path, O_WRONLY);

	return fd < 0 ? fd : fd_write(fd, text);
}

void root_end_kept(struct root_kept *kept)
{
	if (kept->writes_left)
		close(kept->fd);
	kept->writes_left = 0;
}

static int open_kept(const struct root *root, const char *path, unsigned writes,
		     struct root_kept *kept)
{
	int fd = root_open_path(root, path, O_WRONLY);

	if (fd >= 0)
		*kept = (struct root_kept){ fd, writes, getpid() };
	return fd < 0 ? fd : 0;
}

int root_write_kept(const struct root *root, const char *path, const char *text, unsigned writes,
		    struct root_kept *kept)
{
	int r = 0;

	if (kept->opened_by != getpid())
		root_end_kept(kept);
	if (!kept->writes_left)
		r = open_kept(root, path, writes, kept);
	if (r < 0)
		return r;
	r = fd_write(kept->fd, text);
	if (r < 0 || kept->writes_left == 1)
		root_end_kept(kept);
	else
		kept->writes_left--;
	return r;
}

int root_write_and_read(const struct root *root, const char *path, const char *text, char *buffer,
			size_t size, int *ret_written)
{
	_cleanup_close_ int fd = root_open_path(root, path, O_RDWR);

	if (fd < 0)
		return fd;
	*ret_written = fd_write(fd, text);
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return read_attribute(fd, buffer, size);
}

/* Open the directory that PATH is in; *RET_NAME is the name in it, which no call may follow. */
int root_open_parent(const struct root *root, const char *path, const char **ret_name)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *parent =
		slash ? memory_copy(path, (size_t)(slash - path) + 1) : memory_copy(".", 1);
	int fd = root_open_path(root, parent, O_PATH | O_DIRECTORY);

	if (fd >= 0)
		*ret_name = slash ? slash + 1 : path;
	return fd;
}

/* readlinkat(2) itself follows what is before the last name, so only where that may lead out. */
static ssize_t read_confined_link(const struct root *root, const char *path, char *buffer,
				  size_t size)
{
	_cleanup_close_ int fd = root_open_path(root, path, O_PATH | O_NOFOLLOW);
	ssize_t length;

	if (fd < 0)
		return fd;
	length = readlinkat(fd, "", buffer, size);
	if (length < 0)
		return errno == ENOENT ? -EINVAL : -errno; /* what it says of no link */
	return length;
}

static ssize_t read_node_link(const struct root *root, const char *path, char *buffer, size_t size)
{
	struct root_entry entry;
	int r = root->access->find(root, path, false, &entry);

	if (r < 0)
		return r;
	if (entry.kind != ROOT_LINK)
		return -EINVAL;
	if (entry.size > size)
		entry.size = size;
	memcpy(buffer, entry.text, entry.size);
	return (ssize_t)entry.size;
}

int root_readlink(const struct root *root, const char *path, char *buffer, size_t size)
{
	ssize_t length;

	if (root->access) {
		length = read_node_link(root, path, buffer, size);
	} else if (root->is_confined) {
		length = read_confined_link(root, path, buffer, size);
	} else {
		length = readlinkat(root->fd, path, buffer, size);
		if (length < 0)
			length = -errno;
	}
	if (length < 0)
		return (int)length;
	if ((size_t)length == size)
		return -ENAMETOOLONG;
	buffer[length] = '\0';
	return (int)length;
}

int root_link_name(const struct root *root, const char *path, char *buffer, size_t size)
{
	_uninitialized_ char target[PATH_MAX];
	const char *name;
	int r = root_readlink(root, path, target, sizeof(target));

	if (r < 0)
		return r;
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	if (strlen(name) >= size)
		return -ENAMETOOLONG;
	strcpy(buffer, name);
	return (int)strlen(name);
}

int root_open_device(const struct root *root, const char *path)
{
	struct root_entry entry;

	if (root->access) {
		int r = find(root, path, &entry);

		return r < 0 ? r : -ENXIO;
	}
	return root_open_path(root, path, O_RDWR);
}

int root_check_block(const struct root *root, const char *path)
{
	struct root_entry entry;
	_cleanup_close_ int fd = -1;

	if (root->access)
		return find(root, path, &entry);
	fd = root_open_path(root, path, O_RDONLY | O_EXCL | O_NONBLOCK);
	return fd < 0 ? fd : 0;
}

/* A descriptor from which TEXT can be read. */
static int open_text(const char *text, size_t size)
{
	int fd = memfd_create("log", MFD_CLOEXEC);
	int r = fd < 0 ? -errno : 0;

	for (size_t done = 0; r == 0 && done < size;) {
		ssize_t n = write(fd, text + done, size - done);

		if (n <= 0)
			r = n < 0 ? -errno : -EIO;
		else
			done += (size_t)n;
	}
	if (r == 0 && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return r < 0 ? r : -EIO;
}

int root_open_log(const struct root *root, const char *path)
{
	struct root_entry entry;

	if (root->access) {
		int r = find_file(root, path, &entry);

		return r < 0 ? r : open_text(entry.text, entry.size);
	}
	return root_open_path(root, path, O_RDONLY | O_NONBLOCK);
}

int root_resolve(const struct root *root, const char *path, char **ret)
{
	_cleanup_free_ char *whole = whole_path(root, path), *real = NULL;
	_cleanup_close_ int fd = -1;

	if (root->access)
		return -ENOENT; /* for nobody who reads the file system */
	if (!root->is_confined) {
		*ret = memory_printf("/%s", path);
		return 0;
	}
	fd = walk_open(root->fd, whole, O_PATH, &real);
	if (fd < 0)
		return fd;
	*ret = memory_printf("%s%s", root->path, real);
	return 0;
}

int root_exists(const struct root *root, const char *path)
{
	struct root_entry entry;
	_cleanup_close_ int fd = -1;

	if (root->access)
		return find(root, path, &entry);
	fd = root_open_path(root, path, O_PATH);
	return fd < 0 ? fd : 0;
}

static int is_same_node(const struct root *root, const char *path, const char *other)
{
	struct root_entry its = { 0 }, others = { 0 };
	int r = find(root, path, &its);

	if (r == 0)
		r = find(root, other, &others);
	return r < 0 ? r : its.node == others.node;
}

int root_is_same(const struct root *root, const char *path, const char *other)
{
	_cleanup_close_ int fd = -1;
	_cleanup_close_ int other_fd = -1;
	struct stat its, others;

	if (root->access)
		return is_same_node(root, path, other);
	fd = root_open_path(root, path, O_PATH);
	other_fd = root_open_path(root, other, O_PATH);
	if (fd < 0 || other_fd < 0)
		return fd < 0 ? fd : other_fd;
	if (fstat(fd, &its) < 0 || fstat(other_fd, &others) < 0)
		return -errno;
	return its.st_dev == others.st_dev && its.st_ino == others.st_ino;
}

static int each_in_node(const struct root *root, const char *path,
			int (*function)(const char *name, void *context), void *context)
{
	struct root_entry entry;
	int r = find(root, path, &entry);

	if (r == 0 && entry.kind != ROOT_DIRECTORY)
		r = -ENOTDIR;
	return r < 0 ? r : root->access->each_entry(entry.node, function, context);
}

/* As getdents(2) writes it. */
struct directory_entry {
	uint64_t inode;
	int64_t offset;
	uint16_t length; /* of all of it */
	uint8_t type;
	char name[];
};

/* For what is read of each device, opendir(3) takes longer than all the rest: its buffer is mapped.
 */
static int each_in_directory(int fd, int (*function)(const char *name, void *context),
			     void *context)
{
	_Alignas(struct directory_entry) _uninitialized_ char entries[DIRECTORY_CHUNK];
	long size;
	int r = 0;

	while ((size = syscall(SYS_getdents64, fd, entries, sizeof(entries))) > 0) {
		const struct directory_entry *entry;

		for (long i = 0; r >= 0 && i < size; i += entry->length) {
			entry = (const struct directory_entry *)(entries + i);
			if (entry->name[0] != '.')
				r = function(entry->name, context);
		}
		if (r < 0)
			return r;
	}
	return size < 0 ? -errno : 0;
}

int root_each_entry(const struct root *root, const char *path,
		    int (*function)(const char *name, void *context), void *context)
{
	_cleanup_close_ int fd = -1;

	if (root->access)
		return each_in_node(root, path, function, context);
	fd = root_open_path(root, path, O_RDONLY | O_DIRECTORY);
	return fd < 0 ? fd : each_in_directory(fd, function, context);
}
