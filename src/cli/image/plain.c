/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/image/plain.h"

#include <errno.h>
#include <string.h>

#include "system/command.h"
#include "system/module.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FILE_SIZE_MAX   (256 * 1024 * 1024)
#define CONFIG_SIZE_MAX (4 * 1024 * 1024)
#define TIMEOUT_MS      30000

static const struct compression {
	const char *suffix, *program;
	const char *option; /* of the kernel's configuration */
} compressions[] = {
	{ ".gz", "gzip", "CONFIG_MODULE_COMPRESS_GZIP=y" },
	{ ".xz", "xz", "CONFIG_MODULE_COMPRESS_XZ=y" },
	{ ".zst", "zstd", "CONFIG_MODULE_COMPRESS_ZSTD=y" },
};

/* NULL for a plain file. */
static const struct compression *find_compression(const char *path)
{
	const char *suffix = strrchr(path, '.');

	for (size_t i = 0; suffix && i < ARRAY_SIZE(compressions); i++) {
		if (streq(suffix, compressions[i].suffix))
			return &compressions[i];
	}
	return NULL;
}

char *plain_path(const char *path)
{
	const struct compression *compression = find_compression(path);

	return memory_copy(path, strlen(path) - (compression ? strlen(compression->suffix) : 0));
}

static bool has_line(const char *text, const char *line)
{
	const char *found = strstr(text, line);

	return found && (found == text || found[-1] == '\n');
}

/* One algorithm at most before Linux 6.13, and it is the one that is decompressed. */
static bool kernel_decompresses(const struct root *root, const char *release, const char *option)
{
	const char *const places[] = { "boot/config-%s", MODULE_TREES "/%s/config",
				       "usr/lib/ostree-boot/config-%s" };

	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		const char *name = strstr(places[i], "%s");
		_cleanup_free_ char *path = memory_printf("%.*s%s%s", (int)(name - places[i]),
							  places[i], release, name + strlen("%s"));
		_cleanup_free_ char *text = NULL;
		size_t size;

		if (root_read_file(root, path, CONFIG_SIZE_MAX, &text, &size) == 0)
			return has_line(text, "CONFIG_MODULE_DECOMPRESS=y") &&
			       has_line(text, option);
	}
	return false;
}

/* Behind the multibyte integer at BYTE ("The .xz File Format" 1.2), or at END. */
static const unsigned char *skip_integer(const unsigned char *byte, const unsigned char *end)
{
	while (byte < end && *byte & 0x80)
		byte++;
	return byte < end ? byte + 1 : end;
}

/*
 * The kernel's decoder knows no check but CRC32 (linux/lib/xz/xz_dec_stream.c), and has to find
 * memory for the whole dictionary. "The .xz File Format" 2.1.1.2, 3.1, 5.3.1: one filter, LZMA2,
 * whose properties are one byte; the sizes before it may be there or not.
 */
static bool is_readable_xz(const unsigned char *bytes, size_t size)
{
	enum { STREAM_HEADER = 12, CHECK = 7, CRC32 = 1, LZMA2 = 0x21, EIGHT_MIB = 22 };
	enum { HAS_SIZE = 0x40, HAS_UNPACKED_SIZE = 0x80 };
	const unsigned char *end = bytes + size, *next = bytes + STREAM_HEADER + 2;
	unsigned char flags;

	if (size < STREAM_HEADER + 2 || bytes[CHECK] > CRC32)
		return false;
	flags = next[-1];
	if (flags & HAS_SIZE)
		next = skip_integer(next, end);
	if (flags & HAS_UNPACKED_SIZE)
		next = skip_integer(next, end);
	return !(flags & ~(HAS_SIZE | HAS_UNPACKED_SIZE)) && end - next >= 3 && next[0] == LZMA2 &&
	       next[1] == 1 && next[2] <= EIGHT_MIB;
}

static bool file_is_readable_xz(const struct root *root, const char *path)
{
	_cleanup_free_ char *bytes = NULL;
	size_t size = 0;
	int r = root_read_file(root, path, FILE_SIZE_MAX, &bytes, &size);

	return r == 0 && is_readable_xz((const unsigned char *)bytes, size);
}

bool plain_is_needless(const struct root *root, const char *release, const char *path)
{
	const struct compression *compression = find_compression(path);
	_cleanup_free_ char *whole = memory_printf(MODULE_TREES "/%s/%s", release, path);

	if (!compression)
		return true;
	if (!kernel_decompresses(root, release, compression->option))
		return false;
	return !streq(compression->suffix, ".xz") || file_is_readable_xz(root, whole);
}

int plain_read(const struct root *root, const char *path, char **ret, size_t *ret_size)
{
	const struct compression *compression = find_compression(path);
	_cleanup_free_ char *file = NULL;
	int r;

	if (!compression)
		return root_read_file(root, path, FILE_SIZE_MAX, ret, ret_size);
	r = root_resolve(root, path, &file);
	if (r < 0)
		return r;
	return command_output_bytes((const char *const[]){ compression->program, "-dc", file,
							   NULL },
				    TIMEOUT_MS, FILE_SIZE_MAX, ret, ret_size);
}
