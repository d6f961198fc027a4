/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A host in memory, in the place of the doors to the real one: of the sources that FUZZ_REPLACED in
 * the Makefile lists. What is in its file system is put there by the functions below; what of it is
 * alive (drivers, devices) is in kernel.h, what goes wrong in process.h.
 */
#ifndef PASSTHRU_FUZZ_MODEL_H
#define PASSTHRU_FUZZ_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/node.h"
#include "model/process.h"
#include "system/root.h"

/* An empty host, at the beginning of its boot. */
void model_reset(void);

/* Its root directory. */
struct node *model_top(void);

/* The host as a root, "/" for the product: valid until model_reset(), never to be closed. */
const struct root *model_root(void);

/* Make or replace what PATH is, with the directories above it. */
struct node *model_directory(const char *path);
struct node *model_file(const char *path, const char *text);
struct node *model_bytes(const char *path, const void *bytes, size_t size);
struct node *model_link(const char *path, const char *target);

/* What PATH leads to through all links, or NULL. */
struct node *model_find(const char *path);

/* The content of the file PATH, or NULL. Whatever goes wrong is not for this. */
const char *model_text(const char *path);

/* How many bytes fit below /run; 0: any number. */
void model_limit_run(size_t bytes);

/* That kept something from being written. */
bool model_run_is_full(void);

/* The product wrote TEXT to PATH, a file of its own or an attribute; see model_watch(). */
typedef void model_watcher(const char *path, const char *text);

/* Have WATCHER called before a file is replaced or removed (TEXT is NULL then) or written to. */
void model_watch(model_watcher *watcher);

/* A copy of the whole file system in memory that outlives model_reset(), and the way back. */
struct snapshot;
struct snapshot *snapshot_take(void);
void snapshot_restore(const struct snapshot *snapshot);

#endif
