/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives: what was put in comes out again, directories before what is in them. */
#include "fuzz.h"

#include <stdio.h>
#include <string.h>

#include "cli/image/cpio.h"
#include "util/memory.h"
#include "util/names.h"

#define HEADER_SIZE 110
#define FILES_MAX   16

struct file {
	char *path, *bytes;
	size_t size;
	bool is_link;
};

static uint32_t number_at(const char *header, size_t index)
{
	unsigned value = 0;
	char digits[9];

	memcpy(digits, header + 6 + index * 8, 8);
	digits[8] = '\0';
	must(sscanf(digits, "%8x", &value) == 1, "cpio", "%s", digits);
	return value;
}

static size_t padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

/* The directory that PATH is in was there before. */
static void check_parent(const struct names *directories, const char *path)
{
	const char *slash = strrchr(path, '/');
	_cleanup_free_ char *parent = slash ? memory_copy(path, (size_t)(slash - path)) : NULL;

	must(!parent || !*parent || names_has(directories, parent), "cpio-parent", "%s", path);
}

/* Read it as linux/init/initramfs.c does, and compare with FILES. */
static void check(const struct cpio *cpio, const struct file *files, size_t count)
{
	struct names directories = { 0 };
	size_t at = 0, seen = 0;

	for (;;) {
		const char *header = cpio->bytes + at, *path = header + HEADER_SIZE;
		size_t name_size, size;
		uint32_t mode;

		must(at % 4 == 0 && at + HEADER_SIZE <= cpio->size && !memcmp(header, "070701", 6),
		     "cpio", "no header at %zu", at);
		mode = number_at(header, 1);
		size = number_at(header, 6);
		name_size = number_at(header, 11);
		at += padded(HEADER_SIZE + name_size);
		must(at + padded(size) <= cpio->size && strlen(path) + 1 == name_size, "cpio",
		     "it ends at %zu", at);
		if (strcmp(path, "TRAILER!!!") == 0)
			break;
		check_parent(&directories, path);
		if ((mode & 0170000) == 0040000) {
			names_add_once(&directories, path);
		} else {
			must(seen < count && strcmp(files[seen].path, path) == 0 &&
				     files[seen].size == size &&
				     memcmp(files[seen].bytes, cpio->bytes + at, size) == 0 &&
				     files[seen].is_link == ((mode & 0170000) == 0120000),
			     "cpio-same", "%s", path);
			seen++;
		}
		at += padded(size);
	}
	must(seen == count && at == cpio->size, "cpio-same", "%zu of %zu", seen, count);
	names_free(&directories);
}

/* A path that an archive can have. */
static bool is_path(const char *path)
{
	return *path && *path != '/' && !strstr(path, "//") && path[strlen(path) - 1] != '/' &&
	       strcmp(path, "TRAILER!!!") != 0;
}

static void run(const uint8_t *data, size_t size)
{
	struct file files[FILES_MAX];
	struct cpio cpio = { 0 };
	size_t count = 0;

	while (size && count < FILES_MAX) {
		struct file *file = &files[count];

		file->path = fuzz_part(&data, &size);
		file->path[strcspn(file->path, "\n")] = '\0';
		file->bytes = fuzz_part(&data, &size);
		file->size = strlen(file->bytes);
		file->is_link = file->size % 2;
		count++;
		if (is_path(file->path))
			continue;
		count--;
		free(file->path);
		free(file->bytes);
	}
	for (size_t i = 0; i < count; i++) {
		if (files[i].is_link)
			cpio_add_link(&cpio, files[i].path, files[i].bytes);
		else
			cpio_add_file(&cpio, files[i].path, 0644, files[i].bytes, files[i].size);
	}
	cpio_finish(&cpio);
	check(&cpio, files, count);
	cpio_free(&cpio);
	for (size_t i = 0; i < count; i++) {
		free(files[i].path);
		free(files[i].bytes);
	}
}

static const char *const seeds[] = {
	"usr/lib/x\n%%\nab\n%%\nusr/lib/y\n%%\n/init\n%%\nusr/a/b\n%%\n", "init\n%%\nx", NULL
};
static const char *const words[] = { "%%\n", "usr/", "lib/", "/", "\n", NULL };

FUZZ_TARGET(cpio, .run = run, .seeds = seeds, .words = words, .size_max = 1024)
