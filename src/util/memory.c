/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SHORT_TEXT 256

/* Nothing that is buffered is flushed: what was begun stays undone. */
static void *or_die(void *memory)
{
	static const char text[] = "passthru: out of memory\n";

	if (memory)
		return memory;
	(void)!write(STDERR_FILENO, text, sizeof(text) - 1);
	_exit(MEMORY_EXIT);
}

void *memory_new(size_t count, size_t size)
{
	return or_die(calloc(count ? count : 1, size));
}

void *memory_grow(void *array, size_t count, size_t size)
{
	/* Powers of two only, so that most calls move nothing. */
	if ((count & (count - 1)) == 0)
		array = or_die(reallocarray(array, count ? count * 2 : 1, size));
	memset((char *)array + count * size, 0, size);
	return array;
}

void *memory_resize(void *array, size_t size)
{
	return or_die(realloc(array, size));
}

char *memory_copy(const char *text, size_t length)
{
	char *copy = or_die(malloc(length + 1));

	memcpy(copy, text, length);
	copy[length] = '\0';
	return copy;
}

char *memory_dup(const char *text)
{
	return memory_copy(text, strlen(text));
}

/* vasprintf(3) of musl formats twice; most texts are short. */
char *memory_vprintf(const char *format, va_list arguments)
{
	char buffer[SHORT_TEXT], *text = NULL;
	va_list again;
	int length;

	va_copy(again, arguments);
	length = vsnprintf(buffer, sizeof(buffer), format, arguments);
	if (length >= 0 && length < SHORT_TEXT)
		text = memory_copy(buffer, (size_t)length);
	else if (vasprintf(&text, format, again) < 0)
		text = NULL;
	va_end(again);
	return or_die(text);
}

char *memory_printf(const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	return text;
}
