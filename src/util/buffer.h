/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that grows at its end; what is there already is neither measured nor moved each time. */
#ifndef PASSTHRU_UTIL_BUFFER_H
#define PASSTHRU_UTIL_BUFFER_H

#include <stddef.h>
#include <stdint.h>

/* {0} is an empty one. The text belongs to the owner of the buffer; it is NULL while nothing is in
 * it. */
struct buffer {
	char *text; /* terminated */
	size_t length;
	size_t room; /* bytes at `text` */
};

/* Append TEXT, or the first LENGTH bytes of it. */
void buffer_add(struct buffer *buffer, const char *text);
void buffer_add_bytes(struct buffer *buffer, const char *text, size_t length);

/*
 * To append by hand: where up to MOST bytes may be written, until something else is done with
 * BUFFER; and then how far they were.
 */
char *buffer_extend(struct buffer *buffer, size_t most);
void buffer_end_at(struct buffer *buffer, char *end);

/* Append VALUE as text_put_hex() and text_put_number() write it. */
void buffer_add_hex(struct buffer *buffer, uint32_t value, unsigned digits);
void buffer_add_number(struct buffer *buffer, int64_t value);

/* printf behind what is there. */
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Keep the first LENGTH bytes, of which there are that many. */
void buffer_cut(struct buffer *buffer, size_t length);

/* For _cleanup_(). */
void buffer_free(struct buffer *buffer);

#endif
