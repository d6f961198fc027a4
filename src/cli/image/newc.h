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

/* The data of a file with several links: where it is in the archive, and whose. */
struct newc_data {
	uint32_t key[3]; /* the inode, and the numbers of its device */
	size_t offset;
	struct part bytes;
};

/* {.archive = ...} is one at the first entry. */
struct newc_reader {
	struct part archive; /* a plain one */
	size_t offset;
	struct newc_data *data; /* all that links can have; looked for at the first that has none */
	size_t data_count;
	bool has_looked;
};

/*
 * The next entry. A hard link has the data of the file it is linked to, which may come later. 1 for
 * an entry, of which the caller frees the path; 0 at the trailer, -EBADMSG where there is no entry.
 * All entries together take time as the archive is long, whatever is linked to what.
 */
int newc_next_entry(struct newc_reader *reader, struct newc_entry *ret);
void newc_reader_free(struct newc_reader *reader);

#endif
