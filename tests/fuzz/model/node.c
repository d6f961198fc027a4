/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "model/node.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/process.h"

#define CHUNK_SIZE      65536
#define LINKS_MAX       40
#define NAME_LENGTH_MAX 255
#define PATH_LENGTH_MAX 4096

struct chunk {
	struct chunk *next;
	size_t used, size;
	_Alignas(16) char bytes[];
};

static struct chunk *chunks;

void *arena_new(size_t size)
{
	size_t rounded = (size + 15) & ~(size_t)15;
	void *memory;

	if (!chunks || chunks->size - chunks->used < rounded) {
		size_t room = rounded > CHUNK_SIZE ? rounded : CHUNK_SIZE;
		struct chunk *chunk = model_allocate(sizeof(*chunk) + room);

		*chunk = (struct chunk){ chunks, 0, room };
		chunks = chunk;
	}
	memory = chunks->bytes + chunks->used;
	chunks->used += rounded;
	memset(memory, 0, rounded);
	return memory;
}

char *arena_copy(const char *bytes, size_t size)
{
	char *copy = arena_new(size + 1);

	memcpy(copy, bytes, size);
	return copy;
}

char *arena_printf(const char *format, ...)
{
	va_list arguments, again;
	char *text;
	int length;

	va_start(arguments, format);
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, arguments);
	text = arena_new((size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(arguments);
	va_end(again);
	return text;
}

/* One chunk is kept: most runs need no more. */
void arena_reset(void)
{
	while (chunks && chunks->next) {
		struct chunk *next = chunks->next;

		free(chunks);
		chunks = next;
	}
	if (chunks)
		chunks->used = 0;
}

void node_put(struct node *parent, struct node *node)
{
	node->parent = parent;
	if (parent->last)
		parent->last->next = node;
	else
		parent->children = node;
	parent->last = node;
}

struct node *node_new(struct node *parent, const char *name, enum node_kind kind)
{
	struct node *node = arena_new(sizeof(*node));

	node->kind = kind;
	node->name = arena_copy(name, strlen(name));
	node->bytes = "";
	if (parent)
		node_put(parent, node);
	return node;
}

/* By hand: libFuzzer looks at each call of strncmp(3), and most of them are these. */
static bool is_called(const struct node *node, const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (node->name[i] != name[i])
			return false;
	}
	return !node->name[length];
}

struct node *node_child(const struct node *parent, const char *name, size_t length)
{
	for (struct node *child = parent->children; child; child = child->next) {
		if (is_called(child, name, length))
			return child;
	}
	return NULL;
}

void node_remove(struct node *node)
{
	struct node *parent = node->parent, *before = NULL;

	if (!parent)
		return;
	for (struct node *child = parent->children; child != node; child = child->next)
		before = child;
	if (before)
		before->next = node->next;
	else
		parent->children = node->next;
	if (parent->last == node)
		parent->last = before;
	node->next = NULL;
	node->parent = NULL;
}

void node_set(struct node *node, const char *bytes, size_t size)
{
	node->bytes = arena_copy(bytes, size);
	node->size = size;
}

/* One walk, with what is left of the links that it may follow. */
struct walk {
	struct node *top, *at;
	bool follow;
	int links;
	bool is_done; /* a link's target had all that was left of the path */
};

static int walk_on(struct walk *walk, const char *path);

static int follow_link(struct walk *walk, const struct node *link, const char *rest)
{
	int r = -ELOOP;

	if (walk->links--) {
		if (*link->bytes == '/')
			walk->at = walk->top;
		r = walk_on(walk, *rest ? arena_printf("%s/%s", link->bytes, rest) : link->bytes);
	}
	walk->is_done = true;
	return r;
}

/* NAME of LENGTH bytes in the directory where the walk is; REST is what is behind it. */
static int enter(struct walk *walk, const char *name, size_t length, const char *rest)
{
	struct node *child;

	if (walk->at->kind != NODE_DIRECTORY)
		return -ENOTDIR;
	if (length == 1 && *name == '.')
		return 0;
	if (length == 2 && strncmp(name, "..", 2) == 0) {
		if (walk->at != walk->top && walk->at->parent)
			walk->at = walk->at->parent;
		return 0;
	}
	child = node_child(walk->at, name, length);
	if (!child)
		return length > NAME_LENGTH_MAX ? -ENAMETOOLONG : -ENOENT;
	if (child->kind == NODE_LINK && (*rest || walk->follow))
		return follow_link(walk, child, rest);
	walk->at = child;
	return 0;
}

static int walk_on(struct walk *walk, const char *path)
{
	int r = *path ? 0 : -ENOENT;

	if (strlen(path) >= PATH_LENGTH_MAX)
		return -ENAMETOOLONG;
	for (path += strspn(path, "/"); r == 0 && *path && !walk->is_done;) {
		size_t length = strcspn(path, "/");
		const char *rest = path + length + strspn(path + length, "/");

		r = enter(walk, path, length, rest);
		path = rest;
	}
	return r;
}

int node_walk(struct node *top, struct node *base, const char *path, bool follow, struct node **ret)
{
	struct walk walk = { top, *path == '/' ? top : base, follow, LINKS_MAX, false };
	int r = walk_on(&walk, path);

	if (r == 0)
		*ret = walk.at;
	return r;
}

struct node *node_make(struct node *top, const char *path, enum node_kind kind)
{
	struct node *at = top;

	for (path += strspn(path, "/"); *path;) {
		size_t length = strcspn(path, "/");
		const char *rest = path + length + strspn(path + length, "/");
		struct node *child = node_child(at, path, length);

		if (!child)
			child = node_new(at, arena_copy(path, length),
					 *rest ? NODE_DIRECTORY : kind);
		at = child;
		path = rest;
	}
	return at;
}

const char *node_path(const struct node *node)
{
	if (!node->parent)
		return "";
	if (!node->parent->parent)
		return node->name;
	return arena_printf("%s/%s", node_path(node->parent), node->name);
}
