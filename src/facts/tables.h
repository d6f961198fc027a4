/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The system's tables of words between blanks: swaps, routes, crypttab; and its mounts. No I/O.
 */
#ifndef PASSTHRU_FACTS_TABLES_H
#define PASSTHRU_FACTS_TABLES_H

#include <stddef.h>

#define ROW_FIELDS_MAX 32

struct table_row {
	const char *fields[ROW_FIELDS_MAX]; /* "" from COUNT on */
	size_t count;
};

/*
 * Call FUNCTION for each line of TEXT that is neither empty nor a comment (#). Octal escapes
 * (\040, as in proc(5) and fstab(5)) are decoded; what is behind ROW_FIELDS_MAX words is left out.
 */
void table_each_row(const char *text, void (*function)(const struct table_row *row, void *context),
		    void *context);

/*
 * The value of the option NAME in LIST ("rw,addr=10.0.0.1"), "" for an option without one; NULL
 * when it is not in the list. The caller frees it.
 */
char *table_option(const char *list, const char *name);

/* A mounted file system, of /proc/self/mountinfo (proc_pid_mountinfo(5)). */
struct mount {
	char *device; /* "259:2"; "0:..." for one that is not on one block device */
	char *point;
	char *type;
	char *source;
	char *options; /* of the file system */
};

struct mounts {
	struct mount *items; /* in the order in which they were mounted */
	size_t count;
};

/* What is mounted on POINT, the topmost where several are; NULL for nothing. */
const struct mount *mounts_find(const struct mounts *mounts, const char *point);

/* The file system that the file PATH ("/swapfile") is on; NULL when there is none. */
const struct mount *mounts_of_file(const struct mounts *mounts, const char *path);

void mounts_free(struct mounts *mounts);

#endif
