/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A root in memory, for hosts that are only text: nothing of it gets into the file system, whatever
 * its paths say. A look takes as long as its path is, however many files there are, and that has an
 * end: a path and the links on it have fewer than PATH_MAX bytes and at most 256 names in all. Else
 * it is -ENAMETOOLONG.
 */
#ifndef PASSTHRU_SYSTEM_MEMORY_TREE_H
#define PASSTHRU_SYSTEM_MEMORY_TREE_H

#include "system/root.h"

#define MEMORY_FILE_MAX (4 << 20)
#define MEMORY_TREE_MAX (128 << 20) /* with all that belongs to it */

struct memory_tree;

/* An empty one; the caller frees it. */
struct memory_tree *memory_tree_new(void);
void memory_tree_free(struct memory_tree *tree);

/*
 * Make PATH ("sys/class/net") a directory, with those that it is in; links on the way are followed.
 * What is there already stays. -ENOTDIR and -ELOOP as from mkdir(2), -ENOENT for a link that leads
 * nowhere; -EINVAL for a path with ".."; -ENOSPC beyond MEMORY_TREE_MAX, as from all that follow.
 */
int memory_tree_add_directory(struct memory_tree *tree, const char *path);

/*
 * The same for a file, in place of what is there; -EISDIR for a directory that has something in it.
 */
int memory_tree_add_file(struct memory_tree *tree, const char *path, const char *text, size_t size);

/* The same for a link. */
int memory_tree_add_link(struct memory_tree *tree, const char *path, const char *target);

/* Put BYTES at OFFSET of the file PATH; zeros are before. -EFBIG beyond MEMORY_FILE_MAX. */
int memory_tree_write(struct memory_tree *tree, const char *path, size_t offset, const void *bytes,
		      size_t size);

/* Put TEXT at the end of it. */
int memory_tree_append(struct memory_tree *tree, const char *path, const char *text);

/* What ERROR of these means, in words; strerror() where that says it. */
const char *memory_tree_error(int error);

/* As a root, which must not outlive it. */
struct root memory_tree_root(const struct memory_tree *tree);

#endif
