/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A cpio archive of the format "newc", the one that the kernel unpacks as an initramfs (Linux
 * Documentation/driver-api/early-userspace/buffer-format.rst). Written in memory, and always the
 * same for the same files: owner, times and device numbers are zero. No I/O.
 */
#ifndef PASSTHRU_CLI_IMAGE_CPIO_H
#define PASSTHRU_CLI_IMAGE_CPIO_H

#include <stddef.h>
#include <stdint.h>

struct cpio {
	char *bytes;
	size_t size;
	size_t capacity;
	uint32_t entries;
	char *last_path;
};

/*
 * Append the regular file PATH ("usr/lib/x", no leading slash) of permissions MODE with SIZE bytes,
 * less than 4 GiB, and before it the directories that it needs and the file before it did not.
 */
void cpio_add_file(struct cpio *cpio, const char *path, uint32_t mode, const char *bytes,
		   size_t size);

/*
 * The same for a symbolic link to TARGET. One path can be there several times: the kernel lets the
 * later one win.
 */
void cpio_add_link(struct cpio *cpio, const char *path, const char *target);

/* Append the trailer, behind which another archive can follow. */
void cpio_finish(struct cpio *cpio);

void cpio_free(struct cpio *cpio);

#endif
