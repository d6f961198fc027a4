/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Modules that are compressed, for kernels that cannot read them so. */
#ifndef PASSTHRU_CLI_IMAGE_PLAIN_H
#define PASSTHRU_CLI_IMAGE_PLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "system/root.h"

/*
 * Whether the kernel RELEASE below ROOT reads the file PATH of its module tree as it is: for
 * finit_module(2) with MODULE_INIT_COMPRESSED_FILE (linux/kernel/module/decompress.c). By the
 * kernel's configuration; false where that is not to be found.
 */
bool plain_is_needless(const struct root *root, const char *release, const char *path);

/*
 * Read the file PATH below ROOT, and decompress it with the program for its suffix. *RET_SIZE bytes
 * at *RET, which the caller frees; negative errno: -ENOENT also without that program.
 */
int plain_read(const struct root *root, const char *path, char **ret, size_t *ret_size);

/* PATH without the suffix of a compressed file. The caller frees it. */
char *plain_path(const char *path);

#endif
