/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/memory_tree.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define LINKS_MAX     40 /* linux/include/linux/namei.h MAXSYMLINKS */
#define NAMES_MAX     256
#define FIRST_BUCKETS 256
#define FILE_ROOM_MIN 64
#define NODE_OVERHEAD 64 /* of the allocations, and its part of the buckets */

struct memory_node {
	enum root_kind kind;
	char *name, *text;
	size_t size, room;
	uint32_t hash; /* of the name in its parent */
	struct memory_tree *tree;
	struct memory_node *parent; /* of the top, itself */
	struct memory_node *first, *last, *next;
	struct memory_node *next_in_bucket;
};

struct memory_tree {
	struct memory_node top;
	struct memory_node **buckets;
	size_t bucket_count, count;
	size_t size; /* all that is allocated, in bytes */
};

static const struct root_access access_to_memory;

struct memory_tree *memory_tree_new(void)
{
	struct memory_tree *tree = memory_new(1, sizeof(*tree));

	tree->bucket_count = FIRST_BUCKETS;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	tree->buckets = memory_new(tree->bucket_count, sizeof(*tree->buckets));
	tree->top = (struct memory_node){ .kind = ROOT_DIRECTORY, .tree = tree };
	tree->top.parent = &tree->top;
	return tree;
}

static void node_free(struct memory_node *node)
{
	free(node->name);
	free(node->text);
	free(node);
}

void memory_tree_free(struct memory_tree *tree)
{
	for (size_t i = 0; tree && i < tree->bucket_count; i++) {
		for (struct memory_node *node = tree->buckets[i], *next; node; node = next) {
			next = node->next_in_bucket;
			node_free(node);
		}
	}
	if (tree)
		free(tree->buckets);
	free(tree);
}

/* FNV-1a, begun with the place of the directory. */
static uint32_t hash_of(const struct memory_node *parent, const char *name, size_t length)
{
	uint32_t hash = 0x811c9dc5 ^ (uint32_t)((uintptr_t)parent >> 4);

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint8_t)name[i]) * 0x01000193;
	return hash ^ hash >> 16;
}

static struct memory_node *find_child(const struct memory_node *parent, const char *name,
				      size_t length)
{
	const struct memory_tree *tree = parent->tree;
	uint32_t hash = hash_of(parent, name, length);
	struct memory_node *node = tree->buckets[hash & (tree->bucket_count - 1)];

	while (node && !(node->hash == hash && node->parent == parent &&
			 strlen(node->name) == length && memcmp(node->name, name, length) == 0))
		node = node->next_in_bucket;
	return node;
}

static void place(struct memory_tree *tree, struct memory_node *node)
{
	struct memory_node **bucket = &tree->buckets[node->hash & (tree->bucket_count - 1)];

	node->next_in_bucket = *bucket;
	*bucket = node;
}

static void grow(struct memory_tree *tree)
{
	struct memory_node **old = tree->buckets;
	size_t count = tree->bucket_count;

	tree->bucket_count = count * 2;
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	tree->buckets = memory_new(tree->bucket_count, sizeof(*tree->buckets));
	for (size_t i = 0; i < count; i++) {
		for (struct memory_node *node = old[i], *next; node; node = next) {
			next = node->next_in_bucket;
			place(tree, node);
		}
	}
	free(old);
}

static int take_room(struct memory_tree *tree, size_t size)
{
	if (size > MEMORY_TREE_MAX - tree->size)
		return -ENOSPC;
	tree->size += size;
	return 0;
}

static int add_child(struct memory_node *parent, const char *name, size_t length,
		     enum root_kind kind, struct memory_node **ret)
{
	struct memory_tree *tree = parent->tree;
	struct memory_node *node;

	if (length > NAME_MAX)
		return -ENAMETOOLONG;
	if (take_room(tree, sizeof(*node) + length + NODE_OVERHEAD) < 0)
		return -ENOSPC;
	node = memory_new(1, sizeof(*node));
	*node = (struct memory_node){
		.kind = kind,
		.name = memory_copy(name, length),
		.hash = hash_of(parent, name, length),
		.tree = tree,
		.parent = parent,
	};
	if (parent->last)
		parent->last->next = node;
	else
		parent->first = node;
	parent->last = node;
	if (tree->count++ == tree->bucket_count)
		grow(tree);
	place(tree, node);
	*ret = node;
	return 0;
}

/* --- walking */

struct memory_walk {
	struct memory_node *at;
	size_t size; /* of the path and its links so far */
	unsigned names, links;
	bool makes; /* directories that are not there; not where a link leads */
};

static int walk_names(struct memory_walk *walk, const char *path, size_t length);

static int follow(struct memory_walk *walk, const struct memory_node *link)
{
	bool makes = walk->makes;
	int r;

	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	walk->makes = false;
	r = walk_names(walk, link->text, link->size);
	walk->makes = makes;
	return r;
}

static int go_up(struct memory_walk *walk)
{
	if (walk->makes)
		return -EINVAL;
	walk->at = walk->at->parent;
	return 0;
}

/* One name of the path, which is not the last unless it is to be followed. */
static int step(struct memory_walk *walk, const char *name, size_t length)
{
	struct memory_node *node;
	int r = 0;

	if (walk->at->kind != ROOT_DIRECTORY)
		return -ENOTDIR;
	if (length == 0 || (length == 1 && *name == '.'))
		return 0;
	if (++walk->names > NAMES_MAX)
		return -ENAMETOOLONG;
	if (length == 2 && memcmp(name, "..", 2) == 0)
		return go_up(walk);
	node = find_child(walk->at, name, length);
	if (!node)
		r = walk->makes ? add_child(walk->at, name, length, ROOT_DIRECTORY, &node)
				: -ENOENT;
	if (r < 0)
		return r;
	if (node->kind == ROOT_LINK)
		return follow(walk, node);
	walk->at = node;
	return 0;
}

static int walk_names(struct memory_walk *walk, const char *path, size_t length)
{
	const char *end = path + length, *slash;
	int r = 0;

	walk->size += length;
	if (walk->size >= PATH_MAX)
		return -ENAMETOOLONG;
	if (length && *path == '/')
		walk->at = &walk->at->tree->top;
	for (const char *name = path; r == 0 && name <= end; name = slash + 1) {
		slash = memchr(name, '/', (size_t)(end - name));
		if (!slash)
			slash = end;
		r = step(walk, name, (size_t)(slash - name));
	}
	return r;
}

static int walk_path(struct memory_node *from, const char *path, struct memory_node **ret)
{
	struct memory_walk walk = { .at = from };
	int r = walk_names(&walk, path, strlen(path));

	*ret = walk.at;
	return r;
}

/* The directory that PATH of LENGTH bytes leads to; where it MAKES that, without "..". */
static int find_directory(struct memory_node *from, const char *path, size_t length, bool makes,
			  struct memory_node **ret)
{
	struct memory_walk walk = { .at = from, .makes = makes };
	int r = walk_names(&walk, path, length);

	*ret = walk.at;
	return r == 0 && walk.at->kind != ROOT_DIRECTORY ? -ENOTDIR : r;
}

/* The same for what PATH is in, and the last name. */
static int find_parent(struct memory_node *from, const char *path, bool makes,
		       struct memory_node **ret, const char **ret_name)
{
	const char *slash = strrchr(path, '/');

	*ret_name = slash ? slash + 1 : path;
	return find_directory(from, path, (size_t)(*ret_name - path), makes, ret);
}

static bool is_ordinary(const char *name)
{
	return *name && !streq(name, ".") && !streq(name, "..");
}

/* --- reading */

/* A link at the end of PATH is not followed. */
static int find_link(struct memory_node *from, const char *path, struct memory_node **ret)
{
	struct memory_node *parent;
	const char *name;
	int r = find_parent(from, path, false, &parent, &name);

	if (r < 0)
		return r;
	/* Others are no links. */
	if (!is_ordinary(name))
		return walk_path(from, path, ret);
	*ret = find_child(parent, name, strlen(name));
	return *ret ? 0 : -ENOENT;
}

static int find_in_memory(const struct root *root, const char *path, bool follows,
			  struct root_entry *ret)
{
	struct memory_node *from = (struct memory_node *)root->node, *node;
	int r = follows ? walk_path(from, path, &node) : find_link(from, path, &node);

	if (r == 0)
		*ret = (struct root_entry){ node->kind, node->text ? node->text : "", node->size,
					    node };
	return r;
}

static int each_in_memory(const void *node, int (*function)(const char *name, void *context),
			  void *context)
{
	const struct memory_node *directory = node;
	int r = 0;

	for (const struct memory_node *child = directory->first; r >= 0 && child;
	     child = child->next) {
		if (*child->name != '.')
			r = function(child->name, context);
	}
	return r < 0 ? r : 0;
}

static const struct root_access access_to_memory = {
	.find = find_in_memory,
	.each_entry = each_in_memory,
};

struct root memory_tree_root(const struct memory_tree *tree)
{
	return (struct root){
		.fd = -1, .is_confined = true, .access = &access_to_memory, .node = &tree->top
	};
}

/* --- making */

/* The file or link PATH, new or without what it had. */
static int make_node(struct memory_tree *tree, const char *path, enum root_kind kind,
		     struct memory_node **ret)
{
	struct memory_node *parent;
	const char *name;
	int r = find_parent(&tree->top, path, true, &parent, &name);

	if (r < 0)
		return r;
	if (!is_ordinary(name))
		return -EINVAL;
	*ret = find_child(parent, name, strlen(name));
	if (!*ret)
		r = add_child(parent, name, strlen(name), kind, ret);
	if (r < 0)
		return r;
	if ((*ret)->kind == ROOT_DIRECTORY && (*ret)->first)
		return -EISDIR;
	(*ret)->kind = kind;
	(*ret)->size = 0;
	return 0;
}

static int make_room(struct memory_node *node, size_t room)
{
	if (take_room(node->tree, room - node->room) < 0)
		return -ENOSPC;
	node->room = room;
	node->text = memory_resize(node->text, room);
	return 0;
}

/* Zeros are between the end of NODE and OFFSET. */
static int put(struct memory_node *node, size_t offset, const void *bytes, size_t size)
{
	size_t end = offset + size;

	if (offset > MEMORY_FILE_MAX || end > MEMORY_FILE_MAX)
		return -EFBIG;
	if (end >= node->room && make_room(node, end + end / 2 + FILE_ROOM_MIN) < 0)
		return -ENOSPC;
	if (offset > node->size)
		memset(node->text + node->size, 0, offset - node->size);
	memcpy(node->text + offset, bytes, size);
	if (end > node->size)
		node->size = end;
	node->text[node->size] = '\0';
	return 0;
}

int memory_tree_add_directory(struct memory_tree *tree, const char *path)
{
	struct memory_node *node;

	return find_directory(&tree->top, path, strlen(path), true, &node);
}

int memory_tree_add_file(struct memory_tree *tree, const char *path, const char *text, size_t size)
{
	struct memory_node *node;
	int r = make_node(tree, path, ROOT_FILE, &node);

	return r < 0 ? r : put(node, 0, text, size);
}

int memory_tree_add_link(struct memory_tree *tree, const char *path, const char *target)
{
	struct memory_node *node;
	int r = strlen(target) < PATH_MAX ? make_node(tree, path, ROOT_LINK, &node) : -ENAMETOOLONG;

	return r < 0 ? r : put(node, 0, target, strlen(target));
}

static int find_to_write(struct memory_tree *tree, const char *path, struct memory_node **ret)
{
	int r = walk_path(&tree->top, path, ret);

	if (r < 0)
		return r;
	return (*ret)->kind == ROOT_FILE ? 0 : -EISDIR;
}

int memory_tree_write(struct memory_tree *tree, const char *path, size_t offset, const void *bytes,
		      size_t size)
{
	struct memory_node *node;
	int r = find_to_write(tree, path, &node);

	return r < 0 ? r : put(node, offset, bytes, size);
}

int memory_tree_append(struct memory_tree *tree, const char *path, const char *text)
{
	struct memory_node *node;
	int r = find_to_write(tree, path, &node);

	return r < 0 ? r : put(node, node->size, text, strlen(text));
}

const char *memory_tree_error(int error)
{
	switch (-error) {
	case EINVAL:
		return "a path with '..', or without a name";
	case ENOENT:
		return "a link on the path leads nowhere";
	case ENOTDIR:
		return "the path leads through a file";
	case EISDIR:
		return "a directory that is not empty has this path";
	case ELOOP:
		return "more than 40 links on the path, or links in a circle";
	case ENAMETOOLONG:
		return "the path with its links is too long, or a name in it";
	case EFBIG:
		return "a file of more than 4 MB";
	case ENOSPC:
		return "the host would take more than 128 MB of memory";
	default:
		return strerror(-error);
	}
}
