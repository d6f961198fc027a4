/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A directory filled as the kernel fills the initramfs from an archive: what is there already gives
 * way to an entry of another kind, and no directory above an entry is made.
 */
#ifndef PASSTHRU_SYSTEM_TREE_H
#define PASSTHRU_SYSTEM_TREE_H

#include "system/root.h"

/* Make PATH below ROOT, for nobody but the user. Negative errno. */
int tree_put_directory(const struct root *root, const char *path);
int tree_put_file(const struct root *root, const char *path, const char *bytes, size_t size);
int tree_put_link(const struct root *root, const char *path, const char *target);

#endif
