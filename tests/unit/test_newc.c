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
	_cleanup_(newc_reader_free) struct newc_reader reader = { .archive = *archive };
	struct buffer text = { 0 };
	struct newc_entry entry;
	int r;

	while ((r = newc_next_entry(&reader, &entry)) > 0) {
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

/* A regular file with LINKS links to INODE, as cpio(5) has it; DATA is in four bytes, or none. */
static void add_linked(struct buffer *archive, const char *name, unsigned inode, unsigned links,
		       const char *data)
{
	buffer_printf(archive, "070701%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x",
		      inode, 0100644, 0, 0, links, 0, strlen(data), 8, 1, 0, 0, strlen(name) + 1,
		      0);
	buffer_add_bytes(archive, name, strlen(name) + 1);
	while (archive->length % 4)
		buffer_add_bytes(archive, "", 1);
	buffer_add(archive, data);
}

/* The data is with the next entry of the same inode that has any. */
static void test_links(void **state)
{
	_cleanup_(buffer_free) struct buffer bytes = { 0 };
	_cleanup_free_ char *text = NULL;
	struct part archive;

	(void)state;
	add_linked(&bytes, "before", 1, 2, "zero");
	add_linked(&bytes, "one", 1, 2, "");
	add_linked(&bytes, "two", 2, 3, "");
	add_linked(&bytes, "alone", 2, 1, "none");
	add_linked(&bytes, "two-again", 2, 3, "");
	add_linked(&bytes, "one-data", 1, 2, "1111");
	add_linked(&bytes, "two-data", 2, 3, "2222");
	add_linked(&bytes, "one-late", 1, 2, "3333");
	add_linked(&bytes, "without", 1, 2, "");
	add_linked(&bytes, "empty", 2, 1, "");
	add_linked(&bytes, "TRAILER!!!", 0, 1, "");
	archive = (struct part){ bytes.text, bytes.length };
	text = list(&archive);
	assert_string_equal(text, "before:100000:zero one:100000:1111 two:100000:2222 "
				  "alone:100000:none two-again:100000:2222 one-data:100000:1111 "
				  "two-data:100000:2222 one-late:100000:3333 without:100000: "
				  "empty:100000: 0");
}

static void read_links(size_t count)
{
	_cleanup_(buffer_free) struct buffer bytes = { 0 };
	_cleanup_free_ char *text = NULL;
	struct part archive;

	for (size_t i = 0; i < count; i++)
		add_linked(&bytes, "l", (unsigned)(i % 1000), 2, "");
	for (size_t i = 0; i < count; i++)
		add_linked(&bytes, "d", (unsigned)i, 2, "data");
	add_linked(&bytes, "TRAILER!!!", 0, 1, "");
	archive = (struct part){ bytes.text, bytes.length };
	text = list(&archive);
	assert_non_null(strstr(text, "l:100000:data"));
}

/* Each of many links without data is not a walk through the archive. */
static void test_links_are_not_quadratic(void **state)
{
	(void)state;
	assert_not_quadratic(read_links, 1000);
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
	suite_add(&suite, "links have the data of the last", test_links);
	suite_add(&suite, "links are not quadratic", test_links_are_not_quadratic);
	suite_add(&suite, "cut off", test_cut);
	suite_add_rows(&suite, "newc", test_archives, rows);
	return suite_run(&suite, "newc");
}
