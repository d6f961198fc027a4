/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/buffer.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FIRST_ROOM 1024

/* At least twice as much as before, so that most calls move nothing. */
static void make_room(struct buffer *buffer, size_t length)
{
	size_t needed = buffer->length + length + 1;

	if (needed <= buffer->room)
		return;
	buffer->room = buffer->room ? buffer->room * 2 : FIRST_ROOM;
	if (buffer->room < needed)
		buffer->room = needed;
	buffer->text = memory_resize(buffer->text, buffer->room);
}

char *buffer_extend(struct buffer *buffer, size_t most)
{
	make_room(buffer, most);
	return buffer->text + buffer->length;
}

void buffer_end_at(struct buffer *buffer, char *end)
{
	*end = '\0';
	buffer->length = (size_t)(end - buffer->text);
}

void buffer_add_bytes(struct buffer *buffer, const char *text, size_t length)
{
	make_room(buffer, length);
	memcpy(buffer->text + buffer->length, text, length);
	buffer->length += length;
	buffer->text[buffer->length] = '\0';
}

void buffer_add(struct buffer *buffer, const char *text)
{
	buffer_add_bytes(buffer, text, strlen(text));
}

void buffer_add_hex(struct buffer *buffer, uint32_t value, unsigned digits)
{
	char text[sizeof("12345678")];

	text_put_hex(text, value, digits);
	buffer_add(buffer, text);
}

void buffer_add_number(struct buffer *buffer, int64_t value)
{
	char text[sizeof("-9223372036854775808")];

	text_put_number(text, value);
	buffer_add(buffer, text);
}

void buffer_printf(struct buffer *buffer, const char *format, ...)
{
	_cleanup_free_ char *added = NULL;
	va_list arguments;

	va_start(arguments, format);
	added = memory_vprintf(format, arguments);
	va_end(arguments);
	buffer_add(buffer, added);
}

void buffer_cut(struct buffer *buffer, size_t length)
{
	buffer->length = length;
	if (buffer->text)
		buffer->text[length] = '\0';
}

void buffer_free(struct buffer *buffer)
{
	free(buffer->text);
	*buffer = (struct buffer){ 0 };
}
