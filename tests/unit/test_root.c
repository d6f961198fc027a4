/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "system/file.h"
#include "system/root.h"
#include "tree.h"
#include "util/memory.h"

static int count_entry(const char *name, void *context)
{
	assert_true(name[0] != '.');
	++*(int *)context;
	return 0;
}

static void test_open(void **state)
{
	struct root root = { .fd = -1 };

	(void)state;
	assert_int_equal(root_open("/nonexistent", &root), -ENOENT);
	assert_int_equal(root_open("/dev/null", &root), -ENOTDIR);
	assert_int_equal(root.fd, -1);
	root_close(&root);
	assert_int_equal(root_open("/", &root), 0);
	assert_string_equal(root.path, "/");
	root_close(&root);
	assert_int_equal(root.fd, -1);
	root_close(&root);
}

/* A file of three bytes needs room for a fourth: nothing is cut off in silence. */
static void test_read(void **state)
{
	const struct tree *tree = *state;
	char buffer[16] = "";

	tree_write(tree, "sys/a", "abc");
	tree_write(tree, "sys/empty", "");
	assert_int_equal(root_read(&tree->root, "sys/a", buffer, sizeof(buffer)), 3);
	assert_string_equal(buffer, "abc");
	assert_int_equal(root_read(&tree->root, "sys/a", buffer, 4), 3);
	assert_int_equal(root_read(&tree->root, "sys/a", buffer, 3), -EFBIG);
	assert_int_equal(root_read(&tree->root, "sys/a", buffer, 2), -EFBIG);
	assert_int_equal(root_read(&tree->root, "sys/empty", buffer, sizeof(buffer)), 0);
	assert_string_equal(buffer, "");
	assert_int_equal(root_read(&tree->root, "sys/b", buffer, sizeof(buffer)), -ENOENT);
	assert_int_equal(root_read(&tree->root, "sys", buffer, sizeof(buffer)), -EISDIR);
	assert_int_equal(root_read(&tree->root, "sys/a/b", buffer, sizeof(buffer)), -ENOTDIR);
}

static const struct attribute_row {
	const char *name;
	const char *content;
	const char *value;
} attribute_rows[] = {
	{ "one newline goes", "vfio-pci\n", "vfio-pci" },
	{ "only one", "a\n\n", "a\n" },
	{ "none is fine", "a", "a" },
	{ "only a newline", "\n", "" },
	{ "nothing", "", "" },
};

static void test_attribute(void **state)
{
	const struct attribute_row *row = *state;
	struct tree own = tree_make();
	char buffer[16] = "x";
	int r;

	tree_write(&own, "a", row->content);
	r = root_read_attribute(&own.root, "a", buffer, sizeof(buffer));
	tree_remove(&own);
	assert_int_equal(r, strlen(row->value));
	assert_string_equal(buffer, row->value);
}

static void test_read_file(void **state)
{
	const struct tree *tree = *state;
	static const size_t sizes[] = { 0, 1, 4095, 4096, 4097, 8192, 100000 };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_free_ char *bytes = memory_new(sizes[i] + 1, 1);
		_cleanup_free_ char *text = NULL;
		size_t size = 0;

		memset(bytes, i % 2 ? 'x' : '\0', sizes[i]);
		tree_write_bytes(tree, "a", bytes, sizes[i]);
		assert_int_equal(root_read_file(&tree->root, "a", sizes[i], &text, &size), 0);
		assert_int_equal(size, sizes[i]);
		assert_memory_equal(text, bytes, size + 1);
	}
}

static void test_read_file_limit(void **state)
{
	const struct tree *tree = *state;
	char *text = NULL;
	size_t size = 7;

	tree_write(tree, "a", "12345");
	assert_int_equal(root_read_file(&tree->root, "a", 4, &text, &size), -EFBIG);
	assert_int_equal(root_read_file(&tree->root, "b", 4, &text, &size), -ENOENT);
	assert_int_equal(root_read_file(&tree->root, ".", 4, &text, &size), -EISDIR);
	assert_null(text);
	assert_int_equal(size, 7);
}

/* /dev/full answers every write with ENOSPC, as a failing attribute of sysfs does. */
static void test_write(void **state)
{
	const struct tree *tree = *state;
	struct root host;
	_cleanup_free_ char *content = NULL;

	tree_write(tree, "a", "");
	assert_int_equal(root_write(&tree->root, "a", "vfio-pci"), 0);
	content = tree_read(tree, "a");
	assert_string_equal(content, "vfio-pci");
	assert_int_equal(root_write(&tree->root, "b", "x"), -ENOENT);
	assert_int_equal(root_exists(&tree->root, "b"), -ENOENT);
	assert_int_equal(root_open("/", &host), 0);
	assert_int_equal(root_write(&host, "dev/full", "x"), -ENOSPC);
	root_close(&host);
}

/* What the attribute holds then decides, not what the write said. */
static void test_write_and_read(void **state)
{
	const struct tree *tree = *state;
	struct root host;
	char now[8];
	int written = 1;

	tree_write(tree, "a", "none    \n");
	assert_int_equal(root_write_and_read(&tree->root, "a", "vfio-pci", now, sizeof(now),
					     &written),
			 -EFBIG);
	assert_int_equal(written, 0);
	tree_write(tree, "a", "none\n");
	assert_int_equal(root_write_and_read(&tree->root, "a", "hold", now, sizeof(now), &written),
			 strlen("hold"));
	assert_string_equal(now, "hold");
	assert_int_equal(root_write_and_read(&tree->root, "b", "x", now, sizeof(now), &written),
			 -ENOENT);
	assert_int_equal(root_open("/", &host), 0);
	assert_int_equal(root_write_and_read(&host, "dev/full", "x", now, sizeof(now), &written),
			 -EFBIG);
	assert_int_equal(written, -ENOSPC);
	root_close(&host);
}

/* Links from inside lead where they lead from the whole root, of a tree and of the host. */
static void assert_entered(const struct root *root, const char *path)
{
	_cleanup_(root_close) struct root entered = { .fd = -1 }, again = { .fd = -1 };
	char text[16];

	assert_int_equal(root_enter(root, path, &entered), 0);
	assert_true(root_read(&entered, "here", text, sizeof(text)) >= 0);
	assert_string_equal(text, "inside");
	assert_true(root_read(&entered, "link/file", text, sizeof(text)) >= 0);
	assert_string_equal(text, "beside");
	assert_int_equal(root_link_name(&entered, "link", text, sizeof(text)), strlen("group"));
	assert_string_equal(text, "group");
	assert_int_equal(root_enter(&entered, "link", &again), 0);
	assert_true(root_read(&again, "file", text, sizeof(text)) >= 0);
	assert_string_equal(text, "beside");
	root_close(&again);
	assert_int_equal(root_enter(&entered, "nowhere", &again), -ENOENT);
}

static void test_enter(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *path = memory_printf("%s/devices/a", tree->root.path + 1);
	struct root host;

	tree_write(tree, "devices/a/here", "inside");
	tree_write(tree, "group/file", "beside");
	tree_link(tree, "devices/a/link", "../../group");
	assert_entered(&tree->root, "devices/a");
	assert_int_equal(root_open("/", &host), 0);
	assert_entered(&host, path);
	root_close(&host);
}

/* With room for BYTES of a file, as on a full disk: write(2) then takes less than all. */
static void limit_file_size(rlim_t bytes)
{
	struct rlimit limit;

	assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
	limit.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void test_short_write(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *old = NULL;
	int written, replaced, count = 0;

	tree_write(tree, "a", "");
	tree_write(tree, "run/a", "old");
	limit_file_size(4);
	written = root_write(&tree->root, "a", "vfio-pci");
	replaced = root_replace_file(&tree->root, "run", "a", "new, and longer");
	limit_file_size(RLIM_INFINITY);
	assert_int_equal(written, -EIO);
	assert_int_equal(replaced, -EIO);
	old = tree_read(tree, "run/a");
	assert_string_equal(old, "old");
	assert_int_equal(root_each_entry(&tree->root, "run", count_entry, &count), 0);
	assert_int_equal(count, 1);
}

static int stop_listing(const char *name, void *context)
{
	(void)name;
	++*(int *)context;
	return -ECANCELED;
}

static void test_each_entry(void **state)
{
	const struct tree *tree = *state;
	int count = 0;

	tree_write(tree, "d/a", "");
	tree_write(tree, "d/b", "");
	tree_write(tree, "d/.hidden", "");
	tree_directory(tree, "empty");
	assert_int_equal(root_each_entry(&tree->root, "d", count_entry, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(root_each_entry(&tree->root, "empty", count_entry, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(root_each_entry(&tree->root, "d", stop_listing, &count), -ECANCELED);
	assert_int_equal(count, 3);
	assert_int_equal(root_each_entry(&tree->root, "x", count_entry, &count), -ENOENT);
	assert_int_equal(root_each_entry(&tree->root, "d/a", count_entry, &count), -ENOTDIR);
}

static void test_links(void **state)
{
	const struct tree *tree = *state;
	char buffer[16] = "x";

	tree_link(tree, "driver", "../../bus/pci/drivers/vfio-pci");
	tree_link(tree, "plain", "vfio-pci");
	tree_write(tree, "file", "");
	assert_int_equal(root_link_name(&tree->root, "driver", buffer, sizeof(buffer)), 8);
	assert_string_equal(buffer, "vfio-pci");
	assert_int_equal(root_link_name(&tree->root, "plain", buffer, 9), 8);
	assert_int_equal(root_link_name(&tree->root, "plain", buffer, 8), -ENAMETOOLONG);
	assert_int_equal(root_readlink(&tree->root, "plain", buffer, 9), 8);
	assert_string_equal(buffer, "vfio-pci");
	assert_int_equal(root_readlink(&tree->root, "plain", buffer, 8), -ENAMETOOLONG);
	assert_int_equal(root_readlink(&tree->root, "file", buffer, sizeof(buffer)), -EINVAL);
	assert_int_equal(root_link_name(&tree->root, "none", buffer, sizeof(buffer)), -ENOENT);
}

/* Ways to a file that is there inside, and not on the host outside. */
static const struct inside_row {
	const char *name;
	const char *link, *target;
	const char *path;
} inside_rows[] = {
	{ "an absolute link to the file", "link", "/etc/passthru-unit", "link" },
	{ "an absolute link to its directory", "link", "/etc", "link/passthru-unit" },
	{ "a relative link that climbs above the root", "link", "../../../../etc/passthru-unit",
	  "link" },
	{ "a path that climbs above the root", "link", ".", "../../../../etc/passthru-unit" },
};

static void test_read_stays_inside(void **state)
{
	const struct inside_row *row = *state;
	struct tree own = tree_make();
	char buffer[16] = "";
	int r;

	tree_write(&own, "etc/passthru-unit", "inside");
	tree_link(&own, row->link, row->target);
	r = root_read(&own.root, row->path, buffer, sizeof(buffer));
	tree_remove(&own);
	assert_int_equal(r, 6);
	assert_string_equal(buffer, "inside");
}

static void test_exists_stays_inside(void **state)
{
	const struct inside_row *row = *state;
	struct tree own = tree_make();
	int r;

	tree_write(&own, "etc/passthru-unit", "inside");
	tree_link(&own, row->link, row->target);
	r = root_exists(&own.root, row->path);
	tree_remove(&own);
	assert_int_equal(r, 0);
}

/* Not only the file itself: a link anywhere on the way stays inside too. */
static void test_links_on_the_way_stay_inside(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *content = NULL, *image = NULL;
	char buffer[16] = "";

	tree_directory(tree, "passthru-unit");
	tree_link(tree, "passthru-unit/link", "target");
	tree_link(tree, "run", "/passthru-unit");
	assert_int_equal(root_readlink(&tree->root, "run/link", buffer, sizeof(buffer)), 6);
	assert_string_equal(buffer, "target");
	assert_int_equal(root_replace_file(&tree->root, "run", "a", "inside"), 0);
	content = tree_read(tree, "passthru-unit/a");
	assert_string_equal(content, "inside");
	assert_int_equal(root_write_image(&tree->root, "run/image", "image", 6), 0);
	image = tree_read(tree, "passthru-unit/image");
	assert_string_equal(image, "image");
	assert_int_equal(root_remove(&tree->root, "run/image"), 0);
	assert_int_equal(root_exists(&tree->root, "passthru-unit/image"), -ENOENT);
}

/* /etc/passwd is there on the host, and must not be seen from inside. */
static void test_host_is_not_seen(void **state)
{
	const struct tree *tree = *state;
	char buffer[64];

	tree_link(tree, "passwd", "/etc/passwd");
	tree_link(tree, "hostname", "/proc/self");
	assert_int_equal(root_read(&tree->root, "passwd", buffer, sizeof(buffer)), -ENOENT);
	assert_int_equal(root_exists(&tree->root, "passwd"), -ENOENT);
	assert_int_equal(root_exists(&tree->root, "hostname/status"), -ENOENT);
}

static void test_replace(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *content = NULL;
	int count = 0;

	assert_int_equal(root_replace_file(&tree->root, "run", "a", "one"), 0);
	assert_int_equal(root_replace_file(&tree->root, "run", "a", "two, and longer"), 0);
	content = tree_read(tree, "run/a");
	assert_string_equal(content, "two, and longer");
	assert_int_equal(root_each_entry(&tree->root, "run", count_entry, &count), 0);
	assert_int_equal(count, 1);
}

/* Who has the old file open keeps it whole: the new one is another. */
static void test_replace_is_atomic(void **state)
{
	const struct tree *tree = *state;
	_cleanup_close_ int fd = -1;
	struct stat status;
	char buffer[16] = "";

	assert_int_equal(root_replace_file(&tree->root, "run", "a", "one"), 0);
	fd = openat(tree->root.fd, "run/a", O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(root_replace_file(&tree->root, "run", "a", "two"), 0);
	assert_int_equal(read(fd, buffer, sizeof(buffer) - 1), 3);
	assert_string_equal(buffer, "one");
	assert_int_equal(fstatat(tree->root.fd, "run/a", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
}

/* Whole, and never in place of another; nothing is left beside it. */
static void test_create(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *content = NULL;
	struct stat status;
	int count = 0;

	assert_int_equal(root_create_file(&tree->root, "run", "a", "one"), 0);
	assert_int_equal(root_create_file(&tree->root, "run", "a", "two"), -EEXIST);
	content = tree_read(tree, "run/a");
	assert_string_equal(content, "one");
	assert_int_equal(fstatat(tree->root.fd, "run/a", &status, 0), 0);
	assert_int_equal(status.st_mode & 07777, 0644);
	tree_link(tree, "run/link", "nowhere");
	assert_int_equal(root_create_file(&tree->root, "run", "link", "two"), -EEXIST);
	assert_int_equal(root_each_entry(&tree->root, "run", count_entry, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(root_create_file(&tree->root, "run/a", "b", "x"), -ENOTDIR);
	assert_int_equal(root_create_file(&tree->root, "no/where", "a", "x"), -ENOENT);
}

/* A failure leaves the old file, and nothing beside it. */
static void test_replace_fails(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *content = NULL;
	int count = 0;

	tree_write(tree, "run/a/b", "in the way");
	assert_int_equal(root_replace_file(&tree->root, "run", "a", "new"), -EISDIR);
	content = tree_read(tree, "run/a/b");
	assert_string_equal(content, "in the way");
	assert_int_equal(root_each_entry(&tree->root, "run", count_entry, &count), 0);
	assert_int_equal(count, 1);
	tree_write(tree, "file", "");
	assert_int_equal(root_replace_file(&tree->root, "file", "a", "new"), -ENOTDIR);
	assert_int_equal(root_replace_file(&tree->root, "no/where", "a", "x"), -ENOENT);
}

/* A link in place of the new file must not lead the agent to write elsewhere. */
static void test_replace_follows_no_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *content = NULL;

	tree_write(tree, "precious", "precious");
	tree_link(tree, "run/a.new", "../precious");
	assert_int_equal(root_replace_file(&tree->root, "run", "a", "new"), 0);
	content = tree_read(tree, "precious");
	assert_string_equal(content, "precious");
}

/* A directory that is the root by another way, as /proc/1/root is. */
static void test_same(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(root_close) struct root host = { .fd = -1 };
	_cleanup_free_ char *link = memory_printf("%s/to-host", tree->root.path);

	tree_directory(tree, "a");
	tree_link(tree, "to-host", "/");
	tree_link(tree, "a/up", "..");
	assert_int_equal(root_is_same(&tree->root, "a", "."), 0);
	assert_int_equal(root_is_same(&tree->root, "a/up", "."), 1);
	assert_int_equal(root_is_same(&tree->root, "to-host", "."), 1);
	assert_int_equal(root_is_same(&tree->root, "a/up/a", "a"), 1);
	assert_int_equal(root_is_same(&tree->root, "b", "."), -ENOENT);
	assert_int_equal(root_open("/", &host), 0);
	assert_int_equal(root_is_same(&host, link + 1, "."), 1);
	assert_int_equal(root_is_same(&host, "proc", "."), 0);
}

static void test_write_image(void **state)
{
	static const char bytes[] = { 'a', 0, 'b' };
	const struct tree *tree = *state;
	_cleanup_free_ char *text = NULL;
	struct stat info;
	size_t size;

	tree_write(tree, "image", "old and longer");
	assert_int_equal(root_write_image(&tree->root, "image", bytes, sizeof(bytes)), 0);
	assert_int_equal(root_read_file(&tree->root, "image", 100, &text, &size), 0);
	assert_int_equal(size, sizeof(bytes));
	assert_memory_equal(text, bytes, sizeof(bytes));
	assert_int_equal(fstatat(tree->root.fd, "image", &info, 0), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(root_exists(&tree->root, "image.new"), -ENOENT);
}

/* As root, one slip would replace a device by a file. */
static void test_write_image_replaces_files_only(void **state)
{
	const struct tree *tree = *state;

	tree_directory(tree, "directory");
	assert_int_equal(mkfifoat(tree->root.fd, "fifo", 0600), 0);
	assert_int_equal(root_write_image(&tree->root, "directory", "x", 1), -EEXIST);
	assert_int_equal(root_write_image(&tree->root, "fifo", "x", 1), -EEXIST);
	assert_int_equal(root_write_image(&tree->root, "none/image", "x", 1), -ENOENT);
}

/* What was reserved for a file is that file; given up, it leaves nothing. */
static void test_reserve(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *text = NULL;
	struct root_room room = { 0 };
	struct stat info;

	tree_write(tree, "run/a", "old");
	root_give_up_room(&room);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(root_reserve_file(&tree->root, "run", "a", 100000, &room), 0);
		assert_int_equal(fstatat(tree->root.fd, "run/a.room", &info, 0), 0);
		assert_int_equal(info.st_size, 100000);
		assert_true(info.st_blocks >= 100000 / 512);
		if (!twice)
			root_give_up_room(&room);
		assert_int_equal(root_exists(&tree->root, "run/a.room"), twice ? 0 : -ENOENT);
	}
	assert_int_equal(root_replace_reserved(&room, "a", "new"), 0);
	assert_false(room.is_kept);
	text = tree_read(tree, "run/a");
	assert_string_equal(text, "new");
	assert_int_equal(root_exists(&tree->root, "run/a.room"), -ENOENT);
	assert_int_equal(root_reserve_file(&tree->root, "no/where", "a", 1, &room), -ENOENT);
	assert_false(room.is_kept);
}

/* Only where no block is missing, and never anything but a file. */
static void test_overwrite(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *longer = memory_new(100001, 1);
	_cleanup_free_ char *text = NULL, *same = NULL;

	memset(longer, 'x', 100000);
	assert_int_equal(root_overwrite_file(&tree->root, "run", "a", "x"), -ENOENT);
	tree_write(tree, "run/a", "old and longer");
	assert_int_equal(root_overwrite_file(&tree->root, "run", "a", longer), -ENOSPC);
	text = tree_read(tree, "run/a");
	assert_string_equal(text, "old and longer");
	assert_int_equal(root_replace_file_with_room(&tree->root, "run", "a", "old and longer",
						     150000),
			 0);
	assert_int_equal(root_overwrite_file(&tree->root, "run", "a", "new"), 0);
	free(text);
	text = tree_read(tree, "run/a");
	assert_string_equal(text, "new\n\n\n\n\n\n\n\n\n\n\n");
	assert_int_equal(root_overwrite_file(&tree->root, "run", "a", longer), 0);
	same = tree_read(tree, "run/a");
	assert_string_equal(same, longer);
	tree_directory(tree, "run/b");
	assert_int_equal(root_overwrite_file(&tree->root, "run", "b", "x"), -EISDIR);
	tree_link(tree, "run/c", "a");
	assert_int_equal(root_overwrite_file(&tree->root, "run", "c", "x"), -ELOOP);
}

int main(void)
{
	struct suite suite = { 0 };

	signal(SIGXFSZ, SIG_IGN);
	umask(022);
	suite_add(&suite, "open", test_open);
	suite_add_in_tree(&suite, "read: a full buffer is an error", test_read);
	suite_add_rows(&suite, "read: attribute", test_attribute, attribute_rows);
	suite_add_in_tree(&suite, "read: a file of any size", test_read_file);
	suite_add_in_tree(&suite, "read: a file over the limit", test_read_file_limit);
	suite_add_rows(&suite, "read inside", test_read_stays_inside, inside_rows);
	suite_add_rows(&suite, "exists inside", test_exists_stays_inside, inside_rows);
	suite_add_in_tree(&suite, "links on the way stay inside",
			  test_links_on_the_way_stay_inside);
	suite_add_in_tree(&suite, "the host outside is not seen", test_host_is_not_seen);
	suite_add_in_tree(&suite, "write", test_write);
	suite_add_in_tree(&suite, "write, and read back", test_write_and_read);
	suite_add_in_tree(&suite, "a directory as root", test_enter);
	suite_add_in_tree(&suite, "write: less than all is an error", test_short_write);
	suite_add_in_tree(&suite, "directory", test_each_entry);
	suite_add_in_tree(&suite, "link", test_links);
	suite_add_in_tree(&suite, "the root itself", test_same);
	suite_add_in_tree(&suite, "replace", test_replace);
	suite_add_in_tree(&suite, "replace: in one step", test_replace_is_atomic);
	suite_add_in_tree(&suite, "replace: a failure changes nothing", test_replace_fails);
	suite_add_in_tree(&suite, "replace: follows no link", test_replace_follows_no_link);
	suite_add_in_tree(&suite, "create", test_create);
	suite_add_in_tree(&suite, "reserve", test_reserve);
	suite_add_in_tree(&suite, "overwrite", test_overwrite);
	suite_add_in_tree(&suite, "image", test_write_image);
	suite_add_in_tree(&suite, "image: replaces files only",
			  test_write_image_replaces_files_only);
	return suite_run(&suite, "root");
}
