/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of a boot loader: whatever is in them, what is found of archives, entries and sections is
 * in them. */
#include "fuzz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cli/image/cpio.h"
#include "cli/image/newc.h"
#include "cli/image/uki.h"
#include "util/memory.h"

static void check_part(const struct part *part, const struct part *in, const char *what)
{
	must(!part->bytes || (part->bytes >= in->bytes && part->size <= in->size &&
			      part->bytes + part->size <= in->bytes + in->size),
	     "initramfs-in-file", "%s", what);
}

/* Returns the number of entries. */
static size_t check_entries(const struct part *archive)
{
	_cleanup_(newc_reader_free) struct newc_reader reader = { .archive = *archive };
	struct newc_entry entry;
	size_t count = 0;
	int r;

	while ((r = newc_next_entry(&reader, &entry)) > 0) {
		check_part(&entry.data, archive, entry.path);
		must(*entry.path != '/' && strlen(entry.path) < 4096, "initramfs-path", "%s",
		     entry.path);
		free(entry.path);
		count++;
	}
	must(r == 0, "initramfs-whole", "a plain archive ends with %d", r);
	return count;
}

static size_t check_archives(const struct part *file)
{
	struct newc_archive archive;
	size_t offset = 0, before = 0, count = 0;
	int r;

	while ((r = newc_next_archive(file, &offset, &archive)) > 0) {
		check_part(&archive.bytes, file, "an archive");
		must(offset > before && offset <= file->size, "initramfs-offset", "%zu", offset);
		before = offset;
		if (!archive.program)
			count += check_entries(&archive.bytes);
	}
	must(r == 0 || offset < file->size, "initramfs-offset", "%d at %zu", r, offset);
	return count;
}

/* What cpio.c writes behind padded DATA is found when DATA looks compressed, and has no archive in
 * it. */
static void check_appended(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *path = NULL;
	struct cpio cpio = { 0 };
	struct part file;
	size_t padded = (size + 2 + 3) & ~(size_t)3;
	char *bytes;

	if (memmem(data, size, "0707", 4))
		return;
	path = fuzz_text(data, size);
	path[strcspn(path, "/\n")] = '\0';
	if (*path)
		cpio_add_file(&cpio, path, 0644, path, strlen(path));
	cpio_finish(&cpio);
	bytes = memory_new(padded + cpio.size, 1);
	memcpy(bytes, "\x1f\x8b", 2);
	memcpy(bytes + 2, data, size);
	memcpy(bytes + padded, cpio.bytes, cpio.size);
	file = (struct part){ bytes, padded + cpio.size };
	must(strcmp(path, "TRAILER!!!") == 0 || check_archives(&file) >= !!*path,
	     "initramfs-appended", "%s", path);
	free(bytes);
	cpio_free(&cpio);
}

static void check_uki(const struct part *file)
{
	struct uki uki;
	int r = uki_read(file, &uki);

	must(r == 0 || r == -EBADMSG, "uki-error", "%d", r);
	check_part(&uki.kernel, file, "kernel");
	check_part(&uki.initrd, file, "initrd");
	if (r == 0) {
		_cleanup_free_ char *text = uki_text(&uki.cmdline);

		must(strlen(text) <= uki.cmdline.size, "uki-text", "%s", text);
	}
}

static void run(const uint8_t *data, size_t size)
{
	/* Its own memory, of that size: what reads beyond it is found. */
	_cleanup_free_ char *copy = memory_new(size ? size : 1, 1);
	const struct part file = { copy, size };

	memcpy(copy, data, size);
	check_archives(&file);
	check_uki(&file);
	check_appended(data, size);
}

#define ZEROS "00000000"
#define HEADER(mode, links, size, name_size) \
	"07070100000001" mode ZEROS ZEROS links ZEROS size ZEROS ZEROS ZEROS ZEROS name_size ZEROS

static const char *const seeds[] = {
	HEADER("000081a4", "00000002", ZEROS, "00000002") "TR",
	HEADER("000081a4", "00000001", "00000004", "0000000b") "TRAILER!!!",
	"MZ",
	NULL,
};
static const char *const words[] = { "070701",  "TRAILER!!!", "00000001", "PE", "MZ",
				     ".initrd", ".cmdline",   ".profile", NULL };

FUZZ_TARGET(initramfs, .run = run, .seeds = seeds, .words = words, .size_max = 2048)
