/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files and directories below a root, made, replaced and removed: each in one step. */
#ifndef PASSTHRU_SYSTEM_FILE_H
#define PASSTHRU_SYSTEM_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "system/root.h"

/* Make the directory PATH, unless it is there; its parent must be. */
int root_make_directory(const struct root *root, const char *path);

/* Make all directories above PATH that are not there. */
int root_make_parents(const struct root *root, const char *path);

/* root_make_directory(), and open it. A descriptor (O_PATH), or negative errno. */
int root_open_directory(const struct root *root, const char *path);

/*
 * Replace the file NAME in DIRECTORY, which is made if it is not there, by one holding TEXT, in one
 * step (rename), mode 0644.
 */
int root_replace_file(const struct root *root, const char *directory, const char *name,
		      const char *text);

/*
 * Make the file NAME in DIRECTORY, which is made if it is not there, holding TEXT, mode 0644: in
 * one step, and on the disk when it returns. -EEXIST, and nothing is changed, when NAME is there.
 */
int root_create_file(const struct root *root, const char *directory, const char *name,
		     const char *text);

/*
 * The same as root_replace_file(), and have the file system set aside ROOM bytes in all for the
 * file, or as much of that as there is: root_overwrite_file() can use it, whatever else fills the
 * file system until then.
 */
int root_replace_file_with_room(const struct root *root, const char *directory, const char *name,
				const char *text, size_t room);

/*
 * Write TEXT over the file NAME in DIRECTORY where it stands, in one write(2), with newlines behind
 * it where the file was longer. For the time when there is no room for a second file: a reader
 * at this moment may see a part. -ENOSPC, with nothing written, when the file does not have the
 * blocks already.
 */
int root_overwrite_file(const struct root *root, const char *directory, const char *name,
			const char *text);

/* Room for a file that will be there later, as "NAME.room". {0} is none. */
struct root_room {
	bool is_kept;
	int directory_fd, fd;
	char *name;
};

/*
 * Set aside SIZE bytes for a file that is to replace NAME in DIRECTORY, which is made if it is not
 * there. Negative errno, such as -ENOSPC. root_give_up_room() ends it, unless
 * root_replace_reserved() has; one that was never kept does no harm to either.
 */
int root_reserve_file(const struct root *root, const char *directory, const char *name, size_t size,
		      struct root_room *ret);

/* root_replace_file() for what ROOM was kept for. Where TEXT is longer there may be no room. */
int root_replace_reserved(struct root_room *room, const char *name, const char *text);
void root_give_up_room(struct root_room *room);

/*
 * Make the file PATH, or replace a regular one, by one of SIZE bytes, in one step and with mode
 * 0600: an image of the boot is nobody's business. -EEXIST when PATH is something else.
 */
int root_write_image(const struct root *root, const char *path, const char *bytes, size_t size);

/* What fstatat(2) tells of a file: the permission bits alone are its mode. */
struct root_status {
	uint32_t user, group, mode;
	uint64_t size;
};

/*
 * That of PATH, which is not opened; -ELOOP for a link. And give it the mode, then the owner, of
 * STATUS. Negative errno.
 */
int root_read_status(const struct root *root, const char *path, struct root_status *ret);
int root_write_status(const struct root *root, const char *path, const struct root_status *status);

/* Remove the file PATH. Negative errno when it could not be. */
int root_remove(const struct root *root, const char *path);

#endif
