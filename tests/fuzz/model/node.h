/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file system in memory. All of it is in one arena, which model_reset() empties: nothing is freed
 * before, so that a descriptor of a removed directory shows an empty one.
 */
#ifndef PASSTHRU_FUZZ_NODE_H
#define PASSTHRU_FUZZ_NODE_H

#include <stdbool.h>
#include <stddef.h>

struct node;

/* What a kernel makes of an attribute. OWNER is the node's. */
struct attribute {
	/* What it reads, in BUFFER of SIZE bytes. Its length, or negative errno. NULL: its bytes.
	 */
	int (*read)(void *owner, char *buffer, size_t size);
	/* 0 or negative errno. NULL: -EACCES. */
	int (*write)(void *owner, const char *text);
};

enum node_kind { NODE_DIRECTORY, NODE_FILE, NODE_LINK };

struct node {
	enum node_kind kind;
	struct node *parent; /* NULL of the top, and of what was removed */
	struct node *children, *last, *next;
	const char *name;
	const char *bytes; /* content, or the target of a link; terminated */
	size_t size;
	size_t room;                       /* bytes that were set aside for it */
	const struct attribute *attribute; /* NULL for an ordinary file */
	void *owner;
	int error; /* what opening it gives, or 0 */
};

/* SIZE zeroed bytes of the arena. */
void *arena_new(size_t size);
char *arena_copy(const char *bytes, size_t size);
char *arena_printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
void arena_reset(void);

struct node *node_new(struct node *parent, const char *name, enum node_kind kind);
/* Put NODE, which was removed, into PARENT. */
void node_put(struct node *parent, struct node *node);
struct node *node_child(const struct node *parent, const char *name, size_t length);
void node_remove(struct node *node);
void node_set(struct node *node, const char *bytes, size_t size);

/*
 * What PATH leads to from BASE, with TOP as the root directory, in *RET: as openat2(2) with
 * RESOLVE_IN_ROOT. Negative errno.
 */
int node_walk(struct node *top, struct node *base, const char *path, bool follow,
	      struct node **ret);

/* Make PATH below TOP, with all directories above it, or find it. No links are followed. */
struct node *node_make(struct node *top, const char *path, enum node_kind kind);

/* The path of NODE from the top, without a slash before it: "sys/bus". In the arena. */
const char *node_path(const struct node *node);

#endif
