/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs for UEFI ("PE Format", Microsoft): the sections of a unified kernel image, of an addon
 * and of the stub they are made with. Any bytes are taken; what does not fit together is refused.
 * No I/O.
 */
#ifndef PASSTHRU_CLI_IMAGE_PE_H
#define PASSTHRU_CLI_IMAGE_PE_H

#include <stdbool.h>
#include <stddef.h>

#define PE_NAME_SIZE 8

/* SIZE bytes at BYTES, of the file that was read; NULL where there are none. */
struct part {
	const char *bytes;
	size_t size;
};

struct pe {
	struct part file;
	const char *sections; /* the table */
	size_t count;
};

/* Whether the file is to be read so: it begins with the two letters of a DOS program. */
bool pe_is(const struct part *file);

/* Find the table of sections in FILE. -EBADMSG when it is no such program, or cut off. */
int pe_read(const struct part *file, struct pe *ret);

/*
 * The name of the section NUMBER, terminated, and what is in it. -ENOENT behind the last one,
 * -EBADMSG when it is not in the file.
 */
int pe_section(const struct pe *pe, size_t number, char name[PE_NAME_SIZE + 1], struct part *ret);

#endif
