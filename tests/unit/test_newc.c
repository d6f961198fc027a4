/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives of an initramfs: those of cpio.c, which cpio(1) reads as well, and what is none. */
#include "helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/image/cpio.h"
#include "cli/image/newc.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

static struct part part_of(const struct cpio *cpio)
{
	return (struct part){ cpio->bytes, cpio->size };
}

static void fill(struct cpio *cpio)
{
	cpio_add_file(cpio, "a/b", 0644, "12345", 5);
	cpio_add_link(cpio, "l", "a/b");
	cpio_finish(cpio);
}

/* The paths in ARCHIVE, each with its type and size. The caller frees the text. */
static char *list(const struct part *archive)
{
	struct buffer text = { 0 };
	struct newc_entry entry;
	size_t offset = 0;
	int r;

	while ((r = newc_next_entry(archive, &offset, &entry)) > 0) {
		buffer_printf(&text, "%s:%o:%.*s ", entry.path, entry.mode & S_IFMT,
			      (int)entry.data.size, entry.data.bytes);
		free(entry.path);
	}
	buffer_printf(&text, "%d", r);
	return text.text;
}

static void test_entries(void **state)
{
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	_cleanup_free_ char *text = NULL;
	struct part archive;

	(void)state;
	fill(&cpio);
	archive = part_of(&cpio);
	text = list(&archive);
	assert_string_equal(text, "a:40000: a/b:100000:12345 l:120000:a/b 0");
}

/* Cut off anywhere, it is none. */
static void test_cut(void **state)
{
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	struct newc_archive archive;

	(void)state;
	fill(&cpio);
	for (size_t size = 1; size <= cpio.size; size++) {
		_cleanup_free_ char *copy = memory_copy(cpio.bytes, size);
		const struct part file = { copy, size };
		size_t offset = 0;

		assert_int_equal(newc_next_archive(&file, &offset, &archive),
				 size < cpio.size ? -EBADMSG : 1);
		assert_int_equal(offset, size < cpio.size ? 0 : size);
	}
}

/* BEFORE, the archive, ZEROS zeros and the archive again: what is found, and with which program. */
static char *find(const char *before, size_t size, size_t zeros)
{
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	_cleanup_(buffer_free) struct buffer file = { 0 };
	struct buffer text = { 0 };
	struct newc_archive archive;
	size_t offset = 0;
	struct part part;
	int r;

	fill(&cpio);
	buffer_add_bytes(&file, before, size);
	buffer_add_bytes(&file, cpio.bytes, cpio.size);
	buffer_add_bytes(&file, "\0\0\0\0\0\0\0\0", zeros);
	buffer_add_bytes(&file, cpio.bytes, cpio.size);
	part = (struct part){ file.text, file.length };
	while ((r = newc_next_archive(&part, &offset, &archive)) > 0)
		buffer_printf(&text, "%s:%d ", archive.program ? archive.program : "plain",
			      archive.bytes.size == cpio.size);
	buffer_printf(&text, "%d", r);
	return text.text;
}

static const struct row {
	const char *name, *before;
	size_t size, zeros;
	const char *found;
} rows[] = {
	{ "two plain ones", "", 0, 0, "plain:1 plain:1 0" },
	{ "with zeros between them", "", 0, 8, "plain:1 plain:1 0" },
	{ "with too few zeros", "", 0, 3, "plain:1 -84" },
	{ "behind a compressed one", "\x1f\x8bzip....", 8, 0, "gzip:0 plain:1 plain:1 0" },
	{ "behind a compressed one that is not padded", "\x1f\x8bzip...", 7, 1,
	  "gzip:0 plain:1 0" },
	{ "behind one of xz",
	  "\xfd"
	  "7zXZ\0..",
	  8, 4, "xz:0 plain:1 plain:1 0" },
	{ "behind something else", "none", 4, 0, "-74" },
	{ "at no multiple of 4", "\0", 1, 0, "-84" },
};

static void test_archives(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *found = find(row->before, row->size, row->zeros);

	assert_string_equal(found, row->found);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "entries", test_entries);
	suite_add(&suite, "cut off", test_cut);
	suite_add_rows(&suite, "newc", test_archives, rows);
	return suite_run(&suite, "newc");
}
