/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only way to the file system: every path is relative to a root directory and stays below it,
 * so that a recorded host, an image under construction and the running system read the same. Here
 * is how to look at what is there and write to attributes; system/file.h makes and removes files.
 */
#ifndef PASSTHRU_SYSTEM_ROOT_H
#define PASSTHRU_SYSTEM_ROOT_H

#include <stdbool.h>
#include <stddef.h>

struct root_access;

struct root {
	int fd; /* O_PATH; AT_FDCWD for paths of the user's own */
	/*
	 * It is not the host's "/": links resolve inside it, absolute ones, too. By openat2(2), or
	 * where that is refused (before Linux 5.6, and in many a sandbox: see root_open()) by
	 * system/walk.h.
	 */
	bool is_confined;
	char *path;  /* as it was given: for messages, and see root_resolve() */
	char *place; /* of root_enter(), where links are to resolve inside the root it came from */
	/* Of a root that is not in the file system, such as system/memory_tree.h; else NULL. */
	const struct root_access *access;
	const void *node; /* where in it */
};

enum root_kind { ROOT_DIRECTORY, ROOT_FILE, ROOT_LINK };

/* What is at a path of such a root. */
struct root_entry {
	enum root_kind kind;
	const char *text; /* of a file; the target of a link */
	size_t size;
	const void *node;
};

/* Such a root can be read with the functions here; all else answers -EROFS. */
struct root_access {
	/* FOLLOWS: a link at the end, too. Negative errno as from open(2). */
	int (*find)(const struct root *root, const char *path, bool follows,
		    struct root_entry *ret);
	/* As root_each_entry(), below the node of a directory. */
	int (*each_entry)(const void *node, int (*function)(const char *name, void *context),
			  void *context);
};

/*
 * Open the directory PATH as root. Negative errno; root_close() takes a root that did not open.
 * A filter of system calls cannot look into the structure that openat2(2) is given, so those which
 * look at modes answer ENOSYS (systemd's RestrictSUIDSGID=, of systemd-udevd.service).
 */
int root_open(const char *path, struct root *ret);
void root_close(struct root *root);

/*
 * Open the directory PATH below ROOT as *RET: many looks into it are cheaper so, since the kernel
 * and we have shorter paths to go through. Links from there lead where they lead from ROOT, which
 * must stay open. Negative errno; root_close() ends it.
 */
int root_enter(const struct root *root, const char *path, struct root *ret);

/*
 * Read the whole file PATH ("sys/...", no leading slash) into BUFFER of SIZE bytes and terminate
 * it. Returns the length without the terminator. -EFBIG when it does not fit: nothing is ever cut
 * off in silence. Other negative errno as from open(2) and read(2).
 */
int root_read(const struct root *root, const char *path, char *buffer, size_t size);

/*
 * The same for an attribute in sysfs, without its trailing newline. The kernel hands it out in one
 * piece (linux/fs/kernfs/file.c, fs/seq_file.c single_open), which a file of procfs may not be.
 */
int root_read_attribute(const struct root *root, const char *path, char *buffer, size_t size);

/*
 * Read the whole file PATH into new memory, terminated, up to LIMIT bytes; *RET_SIZE is its length,
 * which NUL bytes in it do not shorten. -EFBIG above the limit, -EINVAL for what is no regular
 * file. The caller frees *RET.
 */
int root_read_file(const struct root *root, const char *path, size_t limit, char **ret,
		   size_t *ret_size);

/* The same for what a user names, who may well mean a pipe or a device, and wait for its end. */
int root_read_stream(const struct root *root, const char *path, size_t limit, char **ret,
		     size_t *ret_size);

/*
 * Write TEXT to the existing file PATH with exactly one write(2), as sysfs wants it.
 * -EIO when less was taken. Success does not say that the kernel acted: read back what you claim.
 */
int root_write(const struct root *root, const char *path, const char *text);

/* A file that stays open from one write to the next; {0} is none yet. */
struct root_kept {
	int fd;
	unsigned writes_left; /* 0: it is not open */
	int opened_by;        /* the process: one that it starts has no part in it */
};

/*
 * root_write() to a file that stays open in *KEPT for WRITES of them, then is opened anew; always
 * to the same PATH. root_end_kept() closes it.
 */
int root_write_kept(const struct root *root, const char *path, const char *text, unsigned writes,
		    struct root_kept *kept);
void root_end_kept(struct root_kept *kept);

/*
 * root_write(), and read into BUFFER of SIZE bytes what the attribute holds then, without its
 * trailing newline. Returns the length; *RET_WRITTEN is what came of the write, which decides
 * nothing.
 */
int root_write_and_read(const struct root *root, const char *path, const char *text, char *buffer,
			size_t size, int *ret_written);

/* The whole target of the link PATH, terminated. -ENAMETOOLONG when it does not fit. */
int root_readlink(const struct root *root, const char *path, char *buffer, size_t size);

/* The last component of the target of the link PATH: how sysfs names drivers and groups. */
int root_link_name(const struct root *root, const char *path, char *buffer, size_t size);

/* Open the device node PATH for reading and writing. A descriptor, or negative errno. */
int root_open_device(const struct root *root, const char *path);

/*
 * 0 when nothing has the block device PATH to itself; -EBUSY when a file system, swap, RAID, LVM or
 * the like does (open(2), O_EXCL on block devices); or another negative errno. Not written to.
 */
int root_check_block(const struct root *root, const char *path);

/* Open the log PATH for reading without waiting at its end. A descriptor, or negative errno. */
int root_open_log(const struct root *root, const char *path);

/*
 * The path of PATH for libraries that want one, as *RET: below that of a confined root without any
 * links, which such a library would follow out of it; below the host's "/" as it is, there or not.
 * The caller frees it. Negative errno.
 */
int root_resolve(const struct root *root, const char *path, char **ret);

/* 0 when PATH is there, -ENOENT or another negative errno when not. */
int root_exists(const struct root *root, const char *path);

/* 1 when PATH and OTHER, "." for the root itself, are one directory, 0 when not. Negative errno. */
int root_is_same(const struct root *root, const char *path, const char *other);

/*
 * Call FUNCTION with the name of each entry of the directory PATH, except those that begin with a
 * dot, in no order. A negative return of it ends the walk and is returned.
 */
int root_each_entry(const struct root *root, const char *path,
		    int (*function)(const char *name, void *context), void *context);

/*
 * For the sources of system/, which build the other doors on these: a descriptor of PATH, opened
 * with FLAGS, or of the directory that PATH is in, with *RET_NAME as the name in it, which no call
 * may follow. Negative errno.
 */
int root_open_path(const struct root *root, const char *path, int flags);
int root_open_parent(const struct root *root, const char *path, const char **ret_name);

#endif
