/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that was put together from several places, each part of which knows its own. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_SOURCED_H
#define PASSTHRU_CLI_IMPORT_SOURCED_H

#include <stddef.h>

#include "util/buffer.h"

/* Up to `end` (and from the end of the span before it on) the text is from `origin`. */
struct span {
	size_t end;
	char *origin; /* "/etc/default/grub:6" */
};

/* {0} is empty. */
struct sourced {
	struct buffer text;
	struct span *spans;
	size_t span_count;
};

/* Append LENGTH bytes of TEXT, which are from ORIGIN. */
void sourced_add(struct sourced *sourced, const char *text, size_t length, const char *origin);

/* Append what is in OTHER, with the origins that it has. */
void sourced_add_all(struct sourced *sourced, const struct sourced *other);

/* The text, "" for an empty one. */
const char *sourced_text(const struct sourced *sourced);

/* Where the byte at OFFSET is from; that of the last span behind the end. SOURCED is not empty. */
const char *sourced_origin(const struct sourced *sourced, size_t offset);

/* For _cleanup_(). */
void sourced_free(struct sourced *sourced);

#endif
