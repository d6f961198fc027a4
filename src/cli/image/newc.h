/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An initramfs as the kernel reads it (linux/init/initramfs.c): archives one after the other, each
 * of them plain or compressed, zeros between them. Any bytes are taken. No I/O.
 */
#ifndef PASSTHRU_CLI_IMAGE_NEWC_H
#define PASSTHRU_CLI_IMAGE_NEWC_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/image/pe.h"

struct newc_archive {
	struct part bytes;
	const char *program; /* that decompresses it; NULL for a plain one */
};

struct newc_entry {
	char *path; /* without a slash at its start; of the archive */
	uint32_t mode;
	struct part data;
};

/*
 * The archive at *OFFSET of FILE or behind zeros there; *OFFSET is moved behind it. Where a
 * compressed one ends only its program knows: it is taken to end at the next plain one, or with the
 * file. 1 for an archive, 0 at the end of FILE; -EBADMSG, with *OFFSET where it is, when there is
 * no archive or an incomplete one; -EILSEQ for a plain one at no multiple of 4 bytes, which the
 * kernel does not find.
 */
int newc_next_archive(const struct part *file, size_t *offset, struct newc_archive *ret);

/*
 * The same for the entries of a plain ARCHIVE. A hard link has the data of the file it is linked
 * to. The caller frees the path.
 */
int newc_next_entry(const struct part *archive, size_t *offset, struct newc_entry *ret);

#endif
