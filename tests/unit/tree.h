/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A temporary directory that stands for a host's root, for readers; no kernel answers in it. */
#ifndef PASSTHRU_TESTS_TREE_H
#define PASSTHRU_TESTS_TREE_H

#include <stddef.h>

#include "helpers.h"
#include "system/root.h"

struct tree {
	struct root root;
};

/* An empty tree, opened as root. A failure of any of these functions fails the test. */
struct tree tree_make(void);
void tree_remove(struct tree *tree);

/* Make the file or link PATH and the directories that it needs. */
void tree_write(const struct tree *tree, const char *path, const char *text);
void tree_write_bytes(const struct tree *tree, const char *path, const void *bytes, size_t size);
/* Put BYTES at OFFSET of the file PATH, which is there; at its end where that is negative. */
void tree_write_at(const struct tree *tree, const char *path, long offset, const void *bytes,
		   size_t size);
void tree_link(const struct tree *tree, const char *path, const char *target);
void tree_directory(const struct tree *tree, const char *path);

/* One test called NAME in an empty tree, which it gets as *state. */
void suite_add_in_tree(struct suite *suite, const char *name, CMUnitTestFunction test);

/* The file's content; the caller frees it. */
char *tree_read(const struct tree *tree, const char *path);

#endif
