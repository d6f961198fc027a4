/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A root in memory answers as the file system does; and hosts as text that are laid out in one. */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "cli/fleet/dump.h"
#include "system/file.h"
#include "system/listing.h"
#include "tree.h"
#include "util/buffer.h"
#include "util/memory.h"

/* --- both, with the same in them */

#define BIG 5000

static struct memory_tree *make_both(const struct tree *tree)
{
	static const char *const files[][2] = {
		{ "etc/a.conf", "text\n" },        { "etc/empty", "" },
		{ "sys/devices/d/uevent", "U\n" }, { "sys/bus/x", "x" },
		{ "etc/two", "one\ntwo" },
	};
	static const char *const links[][2] = {
		{ "sys/bus/d", "../devices/d" },
		{ "etc/absolute", "/etc/a.conf" },
		{ "etc/out", "../../../etc/a.conf" },
		{ "etc/loop", "loop" },
		{ "etc/gone", "nowhere" },
		{ "etc/of-links", "absolute" },
		{ "etc/to-file/", "" },
	};
	struct memory_tree *memory = memory_tree_new();
	_cleanup_free_ char *big = memory_new(BIG + 1, 1);

	memset(big, 'b', BIG);
	tree_write(tree, "etc/big", big);
	assert_int_equal(memory_tree_add_file(memory, "etc/big", big, BIG), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		tree_write(tree, files[i][0], files[i][1]);
		assert_int_equal(memory_tree_add_file(memory, files[i][0], files[i][1],
						      strlen(files[i][1])),
				 0);
	}
	for (size_t i = 0; *links[i][1]; i++) {
		tree_link(tree, links[i][0], links[i][1]);
		assert_int_equal(memory_tree_add_link(memory, links[i][0], links[i][1]), 0);
	}
	return memory;
}

static const char *const paths[] = {
	".",
	"/",
	"etc",
	"etc/",
	"/etc/a.conf",
	"etc/a.conf",
	"etc//a.conf",
	"etc/./a.conf",
	"etc/../etc/a.conf",
	"../../etc/a.conf",
	"etc/a.conf/x",
	"etc/a.conf/..",
	"etc/empty",
	"etc/absolute",
	"etc/out",
	"etc/loop",
	"etc/gone",
	"etc/of-links",
	"etc/big",
	"etc/two",
	"sys/bus/d",
	"sys/bus/d/uevent",
	"sys/bus/d/../../bus/x",
	"sys/bus/d/..",
	"nothing",
	"nothing/x",
	"sys/bus",
	"etc/loop/x",
};

static void put_names(struct buffer *text, const struct root *root, const char *path)
{
	_cleanup_(names_free) struct names names = { 0 };
	int r = listing_read(root, path, "", &names);

	buffer_printf(text, "list %d:", r);
	for (size_t i = 0; i < names.count; i++)
		buffer_printf(text, " %s", names.items[i]);
}

/* All that the functions of system/root.h say of PATH. */
static char *look(const struct root *root, const char *path)
{
	struct buffer text = { 0 };
	struct root below = { .fd = -1 };
	_cleanup_free_ char *whole = NULL;
	char buffer[64] = "", link[64] = "", tiny[4] = "";
	size_t size = 0;
	int r;

	r = root_read(root, path, buffer, sizeof(buffer));
	buffer_printf(&text, "read %d '%s' ", r, r >= 0 ? buffer : "");
	r = root_read_attribute(root, path, buffer, sizeof(buffer));
	buffer_printf(&text, "attribute %d '%s' ", r, r >= 0 ? buffer : "");
	buffer_printf(&text, "tiny %d ", root_read(root, path, tiny, sizeof(tiny)));
	r = root_read_file(root, path, 1000, &whole, &size);
	buffer_printf(&text, "file %d '%s' %zu ", r, whole ? whole : "", size);
	r = root_readlink(root, path, link, sizeof(link));
	buffer_printf(&text, "link %d '%s' ", r, r >= 0 ? link : "");
	buffer_printf(&text, "exists %d ", root_exists(root, path));
	buffer_printf(&text, "same %d ", root_is_same(root, path, "sys/devices/d"));
	put_names(&text, root, path);
	r = root_enter(root, path, &below);
	buffer_printf(&text, " enter %d", r);
	if (r == 0)
		buffer_printf(&text, " up %d", root_exists(&below, "../etc/absolute"));
	root_close(&below);
	return text.text;
}

static void test_as_file_system(void **state)
{
	struct tree tree = tree_make();
	struct memory_tree *memory = make_both(&tree);
	const struct root root = memory_tree_root(memory);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		_cleanup_free_ char *expected = look(&tree.root, paths[i]);
		_cleanup_free_ char *actual = look(&root, paths[i]);

		if (strcmp(expected, actual) != 0) {
			print_message("%s\n", paths[i]);
			fail_showing(expected, actual);
		}
	}
	memory_tree_free(memory);
	tree_remove(&tree);
}

/* What changes something, or wants a device, is refused. */
static void test_read_only(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);
	char *path;
	char text[8];
	int fd;

	(void)state;
	memory_tree_add_file(memory, "dev/kmsg", "6,1,1,-;x\n", 10);
	assert_int_equal(root_write(&root, "dev/kmsg", "x"), -EROFS);
	assert_int_equal(root_make_directory(&root, "etc"), -EROFS);
	assert_int_equal(root_replace_file(&root, "dev", "a", "x"), -EROFS);
	assert_int_equal(root_open_device(&root, "dev/kmsg"), -ENXIO);
	assert_int_equal(root_open_device(&root, "dev/xen/privcmd"), -ENOENT);
	assert_int_equal(root_resolve(&root, "dev", &path), -ENOENT);
	fd = root_open_log(&root, "dev/kmsg");
	assert_true(fd >= 0);
	assert_int_equal(read(fd, text, sizeof(text)), sizeof(text));
	assert_memory_equal(text, "6,1,1,-;", sizeof(text));
	close(fd);
	memory_tree_free(memory);
}

/* --- making one */

static void test_making(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);
	char text[8] = "";

	(void)state;
	assert_int_equal(memory_tree_add_directory(memory, "a/b/c"), 0);
	assert_int_equal(memory_tree_add_directory(memory, "a/b"), 0);
	assert_int_equal(memory_tree_add_link(memory, "a/b/c", "/a"), 0);
	assert_int_equal(root_exists(&root, "a/b/c/b"), 0);
	assert_int_equal(memory_tree_add_directory(memory, "a/../b"), -EINVAL);
	assert_int_equal(memory_tree_add_file(memory, "a/..", "", 0), -EINVAL);
	assert_int_equal(memory_tree_add_file(memory, "a/b", "", 0), -EISDIR);
	assert_int_equal(memory_tree_add_link(memory, "a/b", "x"), -EISDIR);
	assert_int_equal(memory_tree_add_file(memory, "a/f", "1", 1), 0);
	assert_int_equal(memory_tree_add_file(memory, "a/f/g", "1", 1), -ENOTDIR);
	assert_int_equal(memory_tree_write(memory, "a/f", MEMORY_FILE_MAX, "1", 1), -EFBIG);
	assert_int_equal(memory_tree_write(memory, "a/none", 0, "1", 1), -ENOENT);
	assert_int_equal(memory_tree_write(memory, "a/f", 3, "4", 1), 0);
	assert_int_equal(root_read(&root, "a/f", text, sizeof(text)), 4);
	assert_memory_equal(text,
			    "1\0\0"
			    "4",
			    5);
	assert_int_equal(memory_tree_append(memory, "a/f", "5"), 0);
	assert_int_equal(root_read(&root, "a/f", text, sizeof(text)), 5);
	assert_int_equal(memory_tree_add_link(memory, "l", "a/b"), 0);
	assert_int_equal(memory_tree_add_file(memory, "l/new", "x", 1), 0);
	assert_int_equal(root_exists(&root, "a/b/new"), 0);
	assert_int_equal(memory_tree_add_file(memory, "a/f", "", 0), 0);
	assert_int_equal(root_read(&root, "a/f", text, sizeof(text)), 0);
	memory_tree_free(memory);
}

/* As in the kernel, the links of a path count together, also where directories are made. */
static void test_links(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);
	_cleanup_(buffer_free) struct buffer path = { 0 };

	(void)state;
	assert_int_equal(memory_tree_add_link(memory, "l", "."), 0);
	for (unsigned i = 0; i < 40; i++)
		buffer_add(&path, "l/");
	assert_int_equal(memory_tree_add_directory(memory, path.text), 0);
	assert_int_equal(root_exists(&root, path.text), 0);
	buffer_add(&path, "l/");
	assert_int_equal(memory_tree_add_directory(memory, path.text), -ELOOP);
	assert_int_equal(root_exists(&root, path.text), -ELOOP);
	/* Nothing is made where a link leads. */
	assert_int_equal(memory_tree_add_link(memory, "gone", "not/there"), 0);
	assert_int_equal(memory_tree_add_directory(memory, "gone/x"), -ENOENT);
	assert_int_equal(root_exists(&root, "not"), -ENOENT);
	memory_tree_free(memory);
}

/* Each new file has few bytes in a dump, and 4 MB here. */
static void test_files_have_an_end(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	size_t count = 0;
	int r = 0;

	(void)state;
	while (r == 0 && count < 2 * MEMORY_TREE_MAX / MEMORY_FILE_MAX) {
		_cleanup_free_ char *path = memory_printf("sys/%zu", count++);

		assert_int_equal(memory_tree_add_file(memory, path, "", 0), 0);
		r = memory_tree_write(memory, path, MEMORY_FILE_MAX - 1, "x", 1);
	}
	assert_int_equal(r, -ENOSPC);
	assert_in_range(count, 16, MEMORY_TREE_MAX / MEMORY_FILE_MAX);
	memory_tree_free(memory);
}

/* Each path of 512 bytes makes 256 directories. */
static void test_directories_have_an_end(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	_cleanup_(buffer_free) struct buffer path = { 0 };
	size_t count = 0;
	int r = 0;

	(void)state;
	for (unsigned i = 1; i < 256; i++)
		buffer_add(&path, "/x");
	while (r == 0 && count < MEMORY_TREE_MAX / 256 / 64) {
		_cleanup_free_ char *whole = memory_printf("%zu%s", count++, path.text);

		r = memory_tree_add_directory(memory, whole);
	}
	assert_int_equal(r, -ENOSPC);
	assert_true(count > 1000);
	assert_int_equal(memory_tree_add_file(memory, "etc/passthru.conf", "", 0), -ENOSPC);
	memory_tree_free(memory);
}

static int look_through(unsigned links, const char *target)
{
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);
	_cleanup_(buffer_free) struct buffer path = { 0 };
	int r;

	assert_int_equal(memory_tree_add_link(memory, "l", target), 0);
	assert_int_equal(memory_tree_add_directory(memory, "a/a"), 0);
	for (unsigned i = 0; i < links; i++)
		buffer_add(&path, "l/");
	r = memory_tree_add_directory(memory, path.text);
	assert_int_equal(root_exists(&root, path.text), r);
	memory_tree_free(memory);
	return r;
}

/* A path and all links on it are one: else 40 links of 4,000 bytes could be behind a few letters.
 */
static void test_paths_have_an_end(void **state)
{
	_cleanup_(buffer_free) struct buffer names = { 0 }, slashes = { 0 };

	(void)state;
	for (unsigned i = 0; i < 24; i++)
		buffer_add(&names, "a/..//");
	buffer_add(&names, ".");
	assert_int_equal(look_through(5, names.text), 0); /* 49 names each */
	assert_int_equal(look_through(6, names.text), -ENAMETOOLONG);
	for (unsigned i = 0; i < 500; i++)
		buffer_add(&slashes, "./");
	assert_int_equal(look_through(4, slashes.text), 0);
	assert_int_equal(look_through(5, slashes.text), -ENAMETOOLONG);
}

static void make_files(size_t count)
{
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);

	for (size_t i = 0; i < count; i++) {
		_cleanup_free_ char *path = memory_printf("sys/%zu/%zu", i % 2, i);

		memory_tree_add_file(memory, path, "x", 1);
		assert_int_equal(root_exists(&root, path), 0);
	}
	memory_tree_free(memory);
}

static void test_not_quadratic(void **state)
{
	(void)state;
	assert_not_quadratic(make_files, 20000);
}

/* --- hosts as text */

#define NO_FILE  "no file (NAME) is before it in this directory"
#define NO_BYTES "expected an offset and up to 16 bytes in hexadecimal, such as ': 000000 86 80'"
#define NO_PATH  "a path with '..', or without a name"
#define LONG     "0123456789012345678901234567890123456789012345678901234567890123456789"

static const struct row {
	const char *name, *text;
	int result;
	unsigned line;
	const char *why;
} rows[] = {
	{ "nothing", "", 0, 0, NULL },
	{ "comments and empty lines", "# a\n\n@ proc\n\ncmdline = ro\n", 0, 0, NULL },
	{ "what is behind is not read", "@ proc\n=== test\nnonsense -> ../..\n| x\n", 0, 0, NULL },
	{ "a file before any directory", "cmdline = ro\n", -EINVAL, 1,
	  "no directory ('@ PATH') is before it" },
	{ "a line before any file", "@ proc\n| x\n", -EINVAL, 2, NO_FILE },
	{ "a line of another directory's file", "@ proc\na\n@ sys\n| x\n", -EINVAL, 4, NO_FILE },
	{ "bytes before any file", "@ proc\n: 0 01\n", -EINVAL, 2, NO_FILE },
	{ "no bytes", "@ proc\na\n: 0\n", 0, 0, NULL },
	{ "bytes far away", "@ proc\na\n: ffffffff 01\n", -EFBIG, 3, "a file of more than 4 MB" },
	{ "a byte that is none", "@ proc\na\n: 0 1\n", -EINVAL, 3, NO_BYTES },
	{ "an offset that is none", "@ proc\na\n: x 01\n", -EINVAL, 3, NO_BYTES },
	{ "many bytes in a line", "@ p\na\n: 0 0 1 2 3 4 5 6 7 8 9 a b c d e f 0\n", -EINVAL, 3,
	  NO_BYTES },
	{ "up", "@ sys/../../etc\n", -EINVAL, 1, NO_PATH },
	{ "a name that leads up", "@ sys\n../a = 1\n", -EINVAL, 2, NO_PATH },
	{ "no name", "@ sys\n = 1\n", -EINVAL, 2, NO_PATH },
	{ "a link to itself", "@ sys\na -> sys/a\n", 0, 0, NULL },
	{ "links in a circle", "@ sys\na -> sys/b\nb -> sys/a\n", 0, 0, NULL },
	{ "a directory in a circle", "@ sys\na -> sys/a\n@ sys/a\n", -ELOOP, 3,
	  "more than 40 links on the path, or links in a circle" },
	{ "a link out of the host", "@ sys\na -> ../../../etc\n", 0, 0, NULL },
	{ "through a file", "@ sys\na = 1\n@ sys/a/b\n", -ENOTDIR, 3,
	  "the path leads through a file" },
	{ "through a link that leads nowhere", "@ sys\na -> /sys/b/../c\n@ sys/a/d\n", -ENOENT, 3,
	  "a link on the path leads nowhere" },
	{ "a directory for a file", "@ sys/a/b\n@ sys\na = 1\n", -EISDIR, 3,
	  "a directory that is not empty has this path" },
	{ "a long name", "@ sys/" LONG LONG LONG LONG "\n", -ENAMETOOLONG, 1,
	  "the path with its links is too long, or a name in it" },
};

static void test_dump(void **state)
{
	const struct row *row = *state;
	struct memory_tree *memory = memory_tree_new();
	_cleanup_free_ char *text = memory_dup(row->text);
	struct dump_error error = { 0 };

	assert_int_equal(dump_lay_out(text, memory, &error), row->result);
	assert_int_equal(error.line, row->line);
	if (row->why)
		assert_string_equal(error.why, row->why);
	else
		assert_null(error.why);
	memory_tree_free(memory);
}

/* 4 MB each, in 30 bytes. */
static void test_dump_has_an_end(void **state)
{
	struct memory_tree *memory = memory_tree_new();
	_cleanup_(buffer_free) struct buffer text = { 0 };
	struct dump_error error = { 0 };

	(void)state;
	buffer_add(&text, "@ sys\n");
	for (unsigned i = 0; i < 2 * MEMORY_TREE_MAX / MEMORY_FILE_MAX; i++)
		buffer_printf(&text, "%u\n: 3fffff 01\n", i);
	assert_int_equal(dump_lay_out(text.text, memory, &error), -ENOSPC);
	assert_string_equal(error.why, "the host would take more than 128 MB of memory");
	memory_tree_free(memory);
}

/* What sysfs has beside what is written. */
static void test_dump_of_device(void **state)
{
	char text[] = "@ sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0\nuevent\n| A=1\n| B=2\n"
		      "iommu_group -> sys/kernel/iommu_groups/7\nfd0 -> dev/fd0\n";
	struct memory_tree *memory = memory_tree_new();
	const struct root root = memory_tree_root(memory);
	char target[128] = "", content[16] = "";
	struct dump_error error;

	(void)state;
	assert_int_equal(dump_lay_out(text, memory, &error), 0);
	assert_true(root_readlink(&root, "sys/bus/pci/devices/0000:01:00.0", target,
				  sizeof(target)) > 0);
	assert_string_equal(target, "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0");
	assert_int_equal(root_read(&root, "sys/bus/pci/devices/0000:01:00.0/uevent", content,
				   sizeof(content)),
			 8);
	assert_string_equal(content, "A=1\nB=2\n");
	assert_true(root_readlink(&root, "sys/bus/pci/devices/0000:01:00.0/iommu_group", target,
				  sizeof(target)) > 0);
	assert_string_equal(target, "../../../../kernel/iommu_groups/7");
	assert_int_equal(root_exists(&root, "sys/kernel/iommu_groups/7/devices/0000:01:00.0"), 0);
	assert_true(root_readlink(&root, "sys/bus/pci/devices/0000:01:00.0/fd0", target,
				  sizeof(target)) > 0);
	assert_string_equal(target, "/dev/fd0");
	memory_tree_free(memory);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "as the file system", test_as_file_system);
	suite_add(&suite, "read only", test_read_only);
	suite_add(&suite, "making one", test_making);
	suite_add(&suite, "links count together", test_links);
	suite_add(&suite, "files have an end", test_files_have_an_end);
	suite_add(&suite, "directories have an end", test_directories_have_an_end);
	suite_add(&suite, "paths have an end", test_paths_have_an_end);
	suite_add(&suite, "many files take no longer each", test_not_quadratic);
	suite_add_rows(&suite, "a host as text", test_dump, rows);
	suite_add(&suite, "hosts as text have an end", test_dump_has_an_end);
	suite_add(&suite, "a device as text", test_dump_of_device);
	return suite_run(&suite, "memory tree");
}
