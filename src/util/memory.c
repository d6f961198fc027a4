/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *or_die(void *memory)
{
	if (!memory) {
		fputs("passthru: out of memory\n", stderr);
		abort();
	}
	return memory;
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
	return or_die(strndup(text, length));
}

char *memory_vprintf(const char *format, va_list arguments)
{
	char *text = NULL;

	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
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

void memory_append(char **text, const char *format, ...)
{
	size_t length = *text ? strlen(*text) : 0;
	va_list arguments;
	char *added;

	va_start(arguments, format);
	added = memory_vprintf(format, arguments);
	va_end(arguments);
	*text = memory_resize(*text, length + strlen(added) + 1);
	strcpy(*text + length, added);
	free(added);
}
