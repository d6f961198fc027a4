/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for tests/unit/tree.c: tests/unit/host.c lays its hosts out in the model. */
#include "tree.h"

#include <string.h>

#include "model/model.h"

void tree_write_bytes(const struct tree *tree, const char *path, const void *bytes, size_t size)
{
	(void)tree;
	model_bytes(path, bytes, size);
}

void tree_write(const struct tree *tree, const char *path, const char *text)
{
	tree_write_bytes(tree, path, text, strlen(text));
}

void tree_write_at(const struct tree *tree, const char *path, long offset, const void *bytes,
		   size_t size)
{
	struct node *node = node_make(model_top(), path, NODE_FILE);
	size_t at = offset < 0 ? node->size : (size_t)offset;
	size_t whole = at + size > node->size ? at + size : node->size;
	char *fresh = arena_new(whole + 1);

	(void)tree;
	memcpy(fresh, node->bytes, node->size);
	memcpy(fresh + at, bytes, size);
	node->bytes = fresh;
	node->size = whole;
}

void tree_link(const struct tree *tree, const char *path, const char *target)
{
	(void)tree;
	model_link(path, target);
}

void tree_directory(const struct tree *tree, const char *path)
{
	(void)tree;
	model_directory(path);
}
