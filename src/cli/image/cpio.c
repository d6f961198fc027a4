/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/cpio.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define ALIGNMENT   4
#define HEADER_SIZE 110 /* "070701" and 13 numbers of 8 hexadecimal digits */

static void append(struct cpio *cpio, const char *bytes, size_t size)
{
	size_t needed = cpio->size + size;

	if (needed > cpio->capacity) {
		cpio->capacity = needed * 2;
		cpio->bytes = memory_resize(cpio->bytes, cpio->capacity);
	}
	if (size)
		memcpy(cpio->bytes + cpio->size, bytes, size);
	cpio->size = needed;
}

static void pad(struct cpio *cpio)
{
	static const char zeros[ALIGNMENT];

	append(cpio, zeros, -cpio->size % ALIGNMENT);
}

static void add_entry(struct cpio *cpio, const char *path, uint32_t mode, const char *bytes,
		      size_t size)
{
	size_t name_size = strlen(path) + 1;
	char header[HEADER_SIZE + 1];

	snprintf(header, sizeof(header),
		 "070701%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X%08X", cpio->entries++,
		 mode, 0U, 0U, S_ISDIR(mode) ? 2U : 1U, 0U, (unsigned)size, 0U, 0U, 0U, 0U,
		 (unsigned)name_size, 0U);
	append(cpio, header, HEADER_SIZE);
	append(cpio, path, name_size);
	pad(cpio);
	append(cpio, bytes, size);
	pad(cpio);
}

/* The file before needed the first LENGTH bytes of PATH as a directory, too. */
static bool was_added(const struct cpio *cpio, const char *path, size_t length)
{
	const char *last = cpio->last_path;

	return last && strncmp(last, path, length) == 0 && last[length] == '/';
}

static void add_directories(struct cpio *cpio, const char *path)
{
	for (const char *end = path; (end = strchr(end, '/')); end++) {
		size_t length = (size_t)(end - path);
		_cleanup_free_ char *directory = memory_copy(path, length);

		if (!was_added(cpio, path, length))
			add_entry(cpio, directory, S_IFDIR | 0755, NULL, 0);
	}
}

static void add_with_directories(struct cpio *cpio, const char *path, uint32_t mode,
				 const char *bytes, size_t size)
{
	add_directories(cpio, path);
	add_entry(cpio, path, mode, bytes, size);
	free(cpio->last_path);
	cpio->last_path = memory_copy(path, strlen(path));
}

void cpio_add_file(struct cpio *cpio, const char *path, uint32_t mode, const char *bytes,
		   size_t size)
{
	add_with_directories(cpio, path, S_IFREG | mode, bytes, size);
}

void cpio_add_link(struct cpio *cpio, const char *path, const char *target)
{
	add_with_directories(cpio, path, S_IFLNK | 0777, target, strlen(target));
}

void cpio_finish(struct cpio *cpio)
{
	add_entry(cpio, "TRAILER!!!", 0, NULL, 0);
}

void cpio_free(struct cpio *cpio)
{
	free(cpio->bytes);
	free(cpio->last_path);
	*cpio = (struct cpio){ 0 };
}
