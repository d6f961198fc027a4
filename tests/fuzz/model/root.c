/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stands for src/system/{root,file,lock}.c. */
#include "system/root.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "model/file.h"
#include "model/model.h"
#include "system/file.h"
#include "system/lock.h"
#include "util/memory.h"

#define ATTRIBUTE_SIZE 65536

static struct node *top;
static struct root host;
static size_t run_limit;
static bool run_is_full;
static model_watcher *watcher;

void model_reset(void)
{
	process_reset();
	arena_reset();
	top = node_new(NULL, "", NODE_DIRECTORY);
	run_limit = 0;
	run_is_full = false;
	watcher = NULL;
	host = (struct root){ .fd = file_open_directory(top, top), .path = (char *)"/" };
}

struct node *model_top(void)
{
	return top;
}

const struct root *model_root(void)
{
	return &host;
}

void model_limit_run(size_t bytes)
{
	run_limit = bytes;
}

bool model_run_is_full(void)
{
	return run_is_full;
}

void model_watch(model_watcher *its)
{
	watcher = its;
}

static void tell(const char *path, const char *text)
{
	trace("write %s: %s\n", path, text ? text : "(removed)");
	model_works(true);
	if (watcher && process_depth())
		watcher(path, text);
	model_works(false);
}

struct node *model_directory(const char *path)
{
	return node_make(top, path, NODE_DIRECTORY);
}

static struct node *make(const char *path, enum node_kind kind, const void *bytes, size_t size)
{
	struct node *node = node_make(top, path, kind);

	node->kind = kind;
	node->attribute = NULL;
	node_set(node, bytes, size);
	return node;
}

struct node *model_bytes(const char *path, const void *bytes, size_t size)
{
	return make(path, NODE_FILE, bytes, size);
}

struct node *model_file(const char *path, const char *text)
{
	return model_bytes(path, text, strlen(text));
}

struct node *model_link(const char *path, const char *target)
{
	return make(path, NODE_LINK, target, strlen(target));
}

struct node *model_find(const char *path)
{
	struct node *node = NULL;

	node_walk(top, top, path, true, &node);
	return node;
}

const char *model_text(const char *path)
{
	const struct node *node = model_find(path);

	return node && node->kind == NODE_FILE ? node->bytes : NULL;
}

/* What PATH leads to below ROOT. No fault: that is for the callers. */
static int look_up(const struct root *root, const char *path, bool follow, struct node **ret)
{
	struct node *its_top = top, *base = top;

	if (root->fd != AT_FDCWD && !file_directory(root->fd, &its_top, &base))
		return -EBADF;
	return node_walk(its_top, base, path, follow, ret);
}

/* The same for a door: PATH is what may go wrong. 1: nothing is to be done. */
static int enter(const struct root *root, const char *path, bool follow, struct node **ret)
{
	int r = door_begin(path);

	if (r == 0)
		r = look_up(root, path, follow, ret);
	if (r == 0 && (*ret)->error)
		r = (*ret)->error;
	return r;
}

/* Of a read that "was not done" there is nothing to give: an error, then. */
static int enter_to_read(const struct root *root, const char *path, struct node **ret)
{
	int r = enter(root, path, true, ret);

	return r > 0 ? -EIO : r;
}

static int open_at(struct node *its_top, struct node *base, const char *path, struct root *ret)
{
	int fd = file_open_directory(its_top, base);

	if (fd < 0)
		return fd;
	*ret = (struct root){
		.fd = fd,
		.is_confined = strcmp(path, "/") != 0,
		.path = memory_copy(path, strlen(path)),
	};
	return 0;
}

int root_open(const char *path, struct root *ret)
{
	const struct root here = { .fd = AT_FDCWD };
	struct node *node;
	int r = enter_to_read(&here, path, &node);

	if (r == 0 && node->kind != NODE_DIRECTORY)
		r = -ENOTDIR;
	if (r == 0)
		r = door_end(0);
	return r < 0 ? r : open_at(node, node, path, ret);
}

void root_close(struct root *root)
{
	if (root->fd >= 0)
		file_close(root->fd);
	free(root->path);
	free(root->place);
	*root = (struct root){ .fd = -1 };
}

int root_enter(const struct root *root, const char *path, struct root *ret)
{
	struct node *its_top = top, *base, *node;
	int r = enter_to_read(root, path, &node), fd;

	if (r == 0 && node->kind != NODE_DIRECTORY)
		r = -ENOTDIR;
	if (r == 0)
		r = door_end(0);
	if (r < 0)
		return r;
	file_directory(root->fd, &its_top, &base);
	fd = file_open_directory(its_top, node);
	if (fd < 0)
		return fd;
	*ret = (struct root){ .fd = fd, .is_confined = root->is_confined };
	return 0;
}

/* What the file NODE holds, as read(2) gives it. */
static int read_node(const struct node *node, const char **ret_bytes, size_t *ret_size)
{
	static char buffer[ATTRIBUTE_SIZE];
	int length;

	if (node->kind == NODE_DIRECTORY)
		return -EISDIR;
	*ret_bytes = node->bytes;
	*ret_size = node->size;
	if (!node->attribute || !node->attribute->read)
		return node->attribute && !node->size ? -EACCES : 0;
	length = node->attribute->read(node->owner, buffer, sizeof(buffer));
	if (length < 0)
		return length;
	*ret_bytes = buffer;
	*ret_size = (size_t)length;
	return 0;
}

/* Read the rest of what was begun. Returns the length. */
static int finish_read(const struct node *node, char *buffer, size_t size, bool is_attribute)
{
	const char *bytes;
	size_t length;
	int r = read_node(node, &bytes, &length);

	r = door_end(r);
	if (r < 0)
		return r;
	if (length >= size)
		return -EFBIG;
	memcpy(buffer, bytes, length);
	if (is_attribute && length && buffer[length - 1] == '\n')
		length--;
	buffer[length] = '\0';
	return (int)length;
}

int root_read(const struct root *root, const char *path, char *buffer, size_t size)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	return r < 0 ? r : finish_read(node, buffer, size, false);
}

int root_read_attribute(const struct root *root, const char *path, char *buffer, size_t size)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	return r < 0 ? r : finish_read(node, buffer, size, true);
}

int root_read_file(const struct root *root, const char *path, size_t limit, char **ret,
		   size_t *ret_size)
{
	const char *bytes;
	struct node *node;
	size_t size;
	int r = enter_to_read(root, path, &node);

	if (r == 0)
		r = door_end(read_node(node, &bytes, &size));
	if (r < 0)
		return r;
	if (size > limit)
		return -EFBIG;
	*ret = memory_copy(bytes, size);
	*ret_size = size;
	return 0;
}

int root_read_stream(const struct root *root, const char *path, size_t limit, char **ret,
		     size_t *ret_size)
{
	return root_read_file(root, path, limit, ret, ret_size);
}

static int write_node(struct node *node, const char *path, const char *text)
{
	if (node->kind == NODE_DIRECTORY)
		return -EISDIR;
	if (!node->attribute || !node->attribute->write)
		return -EACCES;
	tell(path, text);
	return node->attribute->write(node->owner, text);
}

int root_write_kept(const struct root *root, const char *path, const char *text, unsigned writes,
		    struct root_kept *kept)
{
	(void)writes, (void)kept;
	return root_write(root, path, text);
}

void root_end_kept(struct root_kept *kept)
{
	(void)kept;
}

int root_write(const struct root *root, const char *path, const char *text)
{
	struct node *node;
	int r = enter(root, path, true, &node);

	if (r)
		return r < 0 ? r : 0;
	return door_end(write_node(node, path, text));
}

int root_write_and_read(const struct root *root, const char *path, const char *text, char *buffer,
			size_t size, int *ret_written)
{
	struct node *node;
	int r = enter(root, path, true, &node);

	if (r < 0)
		return r;
	*ret_written = 0;
	if (r == 0)
		*ret_written = door_end(write_node(node, path, text));
	else
		look_up(root, path, true, &node);
	r = door_begin(path);
	return r < 0 ? r : finish_read(node, buffer, size, true);
}

/* The parent of PATH, and the last part of it. */
static int find_parent(const struct root *root, const char *path, const char **ret_name,
		       struct node **ret)
{
	const char *slash = strrchr(path, '/');
	const char *parent = slash ? arena_copy(path, (size_t)(slash - path)) : ".";
	int r = look_up(root, *parent ? parent : "/", true, ret);

	*ret_name = slash ? slash + 1 : path;
	return r == 0 && (*ret)->kind != NODE_DIRECTORY ? -ENOTDIR : r;
}

/* Make the directory PATH unless it is there. */
static int make_directory(const struct root *root, const char *path, struct node **ret)
{
	struct node *parent;
	const char *name;
	int r = find_parent(root, path, &name, &parent);

	if (r < 0)
		return r;
	if (!node_child(parent, name, strlen(name)))
		node_new(parent, name, NODE_DIRECTORY);
	r = look_up(root, path, true, ret);
	return r == 0 && (*ret)->kind != NODE_DIRECTORY ? -ENOTDIR : r;
}

int root_make_directory(const struct root *root, const char *path)
{
	struct node *node;
	int r = door_begin(path);

	if (r)
		return r < 0 ? r : 0;
	return door_end(make_directory(root, path, &node));
}

int root_make_parents(const struct root *root, const char *path)
{
	int r = 0;

	for (const char *slash = strchr(path, '/'); r == 0 && slash; slash = strchr(slash + 1, '/'))
		r = root_make_directory(root, arena_copy(path, (size_t)(slash - path)));
	return r;
}

static size_t bytes_of(const struct node *node)
{
	return node->room > node->size ? node->room : node->size;
}

static size_t bytes_below(const struct node *node)
{
	size_t sum = node->kind == NODE_FILE ? bytes_of(node) : 0;

	for (const struct node *child = node->children; child; child = child->next)
		sum += bytes_below(child);
	return sum;
}

/* How many bytes more fit into DIRECTORY. */
static size_t room_in(const struct node *directory)
{
	const struct node *run = node_child(top, "run", 3);
	size_t used;

	for (const struct node *node = directory; run_limit && node; node = node->parent) {
		if (node != run)
			continue;
		used = bytes_below(run);
		return used < run_limit ? run_limit - used : 0;
	}
	return SIZE_MAX;
}

static int no_room(void)
{
	run_is_full = true;
	return -ENOSPC;
}

static const char *last_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* An empty file PATH in PARENT, in the place of one that is there. */
static int make_fresh(struct node *parent, const char *path, struct node **ret)
{
	const char *name = last_name(path);
	struct node *node = node_child(parent, name, strlen(name));

	if (node && node->kind == NODE_DIRECTORY)
		return -EEXIST;
	if (node)
		node_remove(node);
	*ret = node_new(parent, name, NODE_FILE);
	return 0;
}

/* Two doors: what is written beside it may remain there. */
static int write_beside(struct node *parent, const char *path, const char *bytes, size_t size,
			size_t room)
{
	struct node *node;
	int r = door_begin(path);

	if (r >= 0)
		r = make_fresh(parent, path, &node);
	if (r < 0)
		return r;
	if (room_in(parent) < size) {
		node_remove(node);
		return no_room();
	}
	node->room = room < room_in(parent) ? room : room_in(parent);
	node_set(node, bytes, size);
	return door_end(0);
}

static int rename_over(struct node *parent, const char *fresh, const char *path)
{
	const char *name = last_name(path);
	struct node *from = node_child(parent, fresh, strlen(fresh));
	struct node *to = node_child(parent, name, strlen(name));
	int r = door_begin(path);

	if (!from)
		return -ENOENT;
	if (r < 0 || (to && to->kind == NODE_DIRECTORY)) {
		node_remove(from);
		return r < 0 ? r : -EISDIR;
	}
	tell(path, from->bytes);
	if (to)
		node_remove(to);
	from->name = arena_copy(name, strlen(name));
	return door_end(0);
}

static int replace(struct node *parent, const char *path, const char *bytes, size_t size,
		   size_t room)
{
	const char *fresh = arena_printf("%s.new", path);
	int r = write_beside(parent, fresh, bytes, size, room);

	return r < 0 ? r : rename_over(parent, last_name(fresh), path);
}

/* Make DIRECTORY, as a door. */
static int enter_directory(const struct root *root, const char *directory, struct node **ret)
{
	int r = door_begin(directory);

	if (r == 0)
		r = make_directory(root, directory, ret);
	return r > 0 ? -EIO : r;
}

int root_replace_file_with_room(const struct root *root, const char *directory, const char *name,
				const char *text, size_t room)
{
	struct node *parent;
	int r = enter_directory(root, directory, &parent);

	return r < 0 ? r
		     : replace(parent, arena_printf("%s/%s", directory, name), text, strlen(text),
			       room);
}

int root_replace_file(const struct root *root, const char *directory, const char *name,
		      const char *text)
{
	return root_replace_file_with_room(root, directory, name, text, 0);
}

int root_create_file(const struct root *root, const char *directory, const char *name,
		     const char *text)
{
	return root_exists(root, arena_printf("%s/%s", directory, name)) == 0
		       ? -EEXIST
		       : root_replace_file(root, directory, name, text);
}

/* Newlines take the place of what was behind it. */
int root_overwrite_file(const struct root *root, const char *directory, const char *name,
			const char *text)
{
	const char *path = arena_printf("%s/%s", directory, name);
	size_t length = strlen(text), size;
	struct node *node;
	char *whole;
	int r = enter(root, path, false, &node);

	if (r)
		return r < 0 ? r : 0;
	if (node->kind != NODE_FILE)
		return -ENOSPC;
	size = node->size > length ? node->size : length;
	if (bytes_of(node) < size)
		return no_room();
	tell(path, text);
	whole = arena_new(size + 1);
	memset(whole, '\n', size);
	memcpy(whole, text, length);
	node->bytes = whole;
	node->size = size;
	return door_end(0);
}

int root_reserve_file(const struct root *root, const char *directory, const char *name, size_t size,
		      struct root_room *ret)
{
	char *fresh = memory_printf("%s.room", name);
	struct node *parent, *node = NULL;
	int r = enter_directory(root, directory, &parent);

	if (r == 0)
		r = door_begin(arena_printf("%s/%s", directory, fresh));
	if (r == 0)
		r = make_fresh(parent, fresh, &node);
	if (r == 0 && room_in(parent) < size)
		r = no_room();
	if (r == 0)
		r = door_end(0);
	if (r == 0) {
		node->room = size;
		*ret = (struct root_room){ true, file_open_directory(parent, parent),
					   file_open(node), fresh };
		return 0;
	}
	if (node)
		node_remove(node);
	free(fresh);
	return r > 0 ? -EIO : r;
}

static void end_room(struct root_room *room)
{
	file_close(room->fd);
	file_close(room->directory_fd);
	free(room->name);
	*room = (struct root_room){ 0 };
}

static int write_reserved(struct node *parent, const char *fresh, const char *text)
{
	struct node *node = node_child(parent, fresh, strlen(fresh));
	size_t size = strlen(text);
	int r = door_begin(fresh);

	if (r)
		return r < 0 ? r : -EIO;
	if (!node)
		return -ENOENT;
	if (size > bytes_of(node) && room_in(parent) < size - bytes_of(node))
		return no_room();
	node_set(node, text, size);
	return door_end(0);
}

int root_replace_reserved(struct root_room *room, const char *name, const char *text)
{
	struct node *its_top, *parent;
	int r = -EBADF;

	if (file_directory(room->directory_fd, &its_top, &parent))
		r = write_reserved(parent, room->name, text);
	if (r == 0)
		r = rename_over(parent, room->name, arena_printf("%s/%s", node_path(parent), name));
	if (r < 0) {
		root_give_up_room(room);
		return r;
	}
	end_room(room);
	return 0;
}

void root_give_up_room(struct root_room *room)
{
	struct node *its_top, *parent, *node = NULL;

	if (!room->is_kept)
		return;
	if (file_directory(room->directory_fd, &its_top, &parent))
		node = node_child(parent, room->name, strlen(room->name));
	if (node)
		node_remove(node);
	end_room(room);
}

int root_write_image(const struct root *root, const char *path, const char *bytes, size_t size)
{
	struct node *parent;
	const char *name;
	int r = find_parent(root, path, &name, &parent);

	return r < 0 ? r : replace(parent, path, bytes, size, 0);
}

int root_remove(const struct root *root, const char *path)
{
	struct node *node;
	int r = enter(root, path, false, &node);

	if (r)
		return r < 0 ? r : 0;
	if (node->kind == NODE_DIRECTORY)
		return -EISDIR;
	tell(path, NULL);
	node_remove(node);
	return door_end(0);
}

int root_read_status(const struct root *root, const char *path, struct root_status *ret)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	if (r < 0)
		return r;
	*ret = (struct root_status){ .mode = 0600, .size = bytes_of(node) };
	return door_end(0);
}

/* No file has an owner here: who reads it back finds the old one. */
int root_write_status(const struct root *root, const char *path, const struct root_status *status)
{
	struct node *node;
	int r = enter(root, path, false, &node);

	(void)status;
	return r ? (r < 0 ? r : 0) : door_end(0);
}

int root_lock(const struct root *root, const char *directory, const char *name, int timeout_ms)
{
	struct node *parent, *node;
	int r = door_begin(name);

	if (r == 0)
		r = make_directory(root, directory, &parent);
	if (r)
		return r < 0 ? r : -EIO;
	node = node_child(parent, name, strlen(name));
	if (!node)
		node = node_new(parent, name, NODE_FILE);
	if (node->kind != NODE_FILE)
		return node->kind == NODE_LINK ? -ELOOP : -EISDIR;
	r = door_end(0);
	if (r < 0)
		return r;
	r = file_lock(node);
	if (r != -EAGAIN)
		return r;
	process_sleep((int64_t)timeout_ms * 1000);
	return -ETIMEDOUT;
}

void root_unlock(int fd)
{
	if (fd >= 0)
		file_unlock(fd);
}

int root_readlink(const struct root *root, const char *path, char *buffer, size_t size)
{
	struct node *node;
	int r = enter(root, path, false, &node);

	if (r == 0 && node->kind != NODE_LINK)
		r = -EINVAL;
	r = r > 0 ? -EIO : r;
	if (r == 0)
		r = door_end(0);
	if (r < 0)
		return r;
	if (node->size >= size)
		return -ENAMETOOLONG;
	memcpy(buffer, node->bytes, node->size + 1);
	return (int)node->size;
}

int root_link_name(const struct root *root, const char *path, char *buffer, size_t size)
{
	char target[4096];
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

static int open_file(const struct root *root, const char *path)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	if (r == 0)
		r = door_end(node->kind == NODE_DIRECTORY ? -EISDIR : 0);
	return r < 0 ? r : file_open(node);
}

int root_open_device(const struct root *root, const char *path)
{
	return open_file(root, path);
}

int root_open_log(const struct root *root, const char *path)
{
	return open_file(root, path);
}

int root_check_block(const struct root *root, const char *path)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	return r < 0 ? r : door_end(0);
}

int root_resolve(const struct root *root, const char *path, char **ret)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	if (r == 0)
		r = door_end(0);
	if (r < 0)
		return r;
	path = node_path(node);
	*ret = memory_copy(path, strlen(path));
	return 0;
}

int root_exists(const struct root *root, const char *path)
{
	struct node *node;
	int r = enter_to_read(root, path, &node);

	return r < 0 ? r : door_end(0);
}

int root_is_same(const struct root *root, const char *path, const char *other)
{
	struct node *node, *others = top;
	int r = enter_to_read(root, path, &node);

	if (r == 0)
		r = door_end(0);
	if (r == 0)
		r = look_up(root, other, true, &others);
	return r < 0 ? r : node == others;
}

/* The names are taken down first: the callers may change what is there. */
int root_each_entry(const struct root *root, const char *path,
		    int (*function)(const char *name, void *context), void *context)
{
	const char **names;
	struct node *node;
	size_t count = 0;
	int r = enter_to_read(root, path, &node);

	if (r == 0 && node->kind != NODE_DIRECTORY)
		r = -ENOTDIR;
	if (r < 0)
		return r;
	for (const struct node *child = node->children; child; child = child->next)
		count++;
	names = arena_new((count + 1) * sizeof(*names));
	count = 0;
	for (const struct node *child = node->children; child; child = child->next)
		names[count++] = child->name;
	for (size_t i = 0; r >= 0 && i < count; i++) {
		if (*names[i] != '.')
			r = function(names[i], context);
	}
	if (r < 0)
		return r;
	return door_end(0);
}

/* A snapshot is a copy outside of the arena, taken once, so nobody frees it. */
struct snapshot {
	enum node_kind kind;
	char *name, *bytes;
	size_t size;
	struct snapshot *children, *next;
};

static char *keep(const char *bytes, size_t size)
{
	char *copy = model_allocate(size + 1);

	memcpy(copy, bytes, size);
	return copy;
}

static struct snapshot *take(const struct node *node)
{
	struct snapshot *snapshot = model_allocate(sizeof(*snapshot));
	struct snapshot **next = &snapshot->children;

	snapshot->kind = node->kind;
	snapshot->name = keep(node->name, strlen(node->name));
	snapshot->bytes = keep(node->bytes, node->size);
	snapshot->size = node->size;
	for (const struct node *child = node->children; child; child = child->next) {
		*next = take(child);
		next = &(*next)->next;
	}
	return snapshot;
}

struct snapshot *snapshot_take(void)
{
	return take(top);
}

/* What is not changed need not be copied. */
static void restore(struct node *node, const struct snapshot *snapshot)
{
	for (const struct snapshot *child = snapshot->children; child; child = child->next) {
		struct node *its = node_new(node, child->name, child->kind);

		its->bytes = child->bytes;
		its->size = child->size;
		restore(its, child);
	}
}

void snapshot_restore(const struct snapshot *snapshot)
{
	restore(top, snapshot);
}
