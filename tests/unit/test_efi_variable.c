/* SPDX-License-Identifier: GPL-2.0-or-later */
/* On a directory: no firmware is asked, and nothing is immutable. */
#include "helpers.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "system/efi_variable.h"
#include "tree.h"

#define NAME "Name-12345678-1234-1234-1234-123456789abc"
#define PATH EFI_VARIABLES "/" NAME
#define HEAD "\7\0\0\0"

/* How often was written, and the error of the next one; or 0. */
static int writes, write_error;

ssize_t __real_write(int fd, const void *bytes, size_t size);
ssize_t __wrap_write(int fd, const void *bytes, size_t size);

ssize_t __wrap_write(int fd, const void *bytes, size_t size)
{
	writes++;
	if (!write_error)
		return __real_write(fd, bytes, size);
	errno = write_error;
	return -1;
}

static const struct read_row {
	const char *name;
	const char *bytes;
	size_t size;
	int result;
} read_rows[] = {
#define ROW(name, bytes, result)                       \
	{                                              \
		name, bytes, sizeof(bytes) - 1, result \
	}
	ROW("a text", HEAD "text", 4),
	ROW("nothing but attributes", HEAD, 0),
	ROW("as much as fits", HEAD "1234567", 7),
	ROW("too much", HEAD "12345678", -EFBIG),
	ROW("empty", "", -EBADMSG),
	ROW("less than attributes", "\7\0\0", -EBADMSG),
	ROW("volatile", "\6\0\0\0text", -EBADMSG),
	ROW("not at run time", "\3\0\0\0text", -EBADMSG),
	ROW("authenticated", "\x27\0\0\0text", -EBADMSG),
};

static void test_read(void **state)
{
	const struct read_row *row = *state;
	struct tree tree = tree_make();
	char buffer[8];
	int r;

	tree_write_bytes(&tree, PATH, row->bytes, row->size);
	r = efi_variable_read(&tree.root, NAME, buffer, sizeof(buffer));
	tree_remove(&tree);
	assert_int_equal(r, row->result);
	if (r >= 0)
		assert_string_equal(buffer, row->bytes + sizeof(HEAD) - 1);
}

static void test_nothing_to_read(void **state)
{
	const struct tree *tree = *state;
	char buffer[8];

	assert_int_equal(efi_variable_read(&tree->root, NAME, buffer, sizeof(buffer)), -ENODEV);
	tree_directory(tree, EFI_VARIABLES);
	assert_int_equal(efi_variable_read(&tree->root, NAME, buffer, sizeof(buffer)), -ENOENT);
	tree_directory(tree, PATH);
	assert_true(efi_variable_read(&tree->root, NAME, buffer, sizeof(buffer)) < 0);
}

static void assert_content(const struct tree *tree, const char *text)
{
	char buffer[64];

	assert_int_equal(efi_variable_read(&tree->root, NAME, buffer, sizeof(buffer)),
			 strlen(text));
	assert_string_equal(buffer, text);
}

static int write_text(const struct tree *tree, const char *text, int error)
{
	int r;

	writes = 0;
	write_error = error;
	r = efi_variable_write(&tree->root, NAME, text, strlen(text));
	write_error = 0;
	return r;
}

/* A firmware gets the attributes and the value in one call, whether the variable is new or not. */
static void test_one_write(void **state)
{
	const struct tree *tree = *state;

	tree_directory(tree, EFI_VARIABLES);
	assert_int_equal(write_text(tree, "first", 0), 0);
	assert_int_equal(writes, 1);
	assert_content(tree, "first");
	assert_int_equal(write_text(tree, "other", 0), 0);
	assert_int_equal(writes, 1);
	assert_content(tree, "other");
}

static void test_mode(void **state)
{
	const struct tree *tree = *state;
	struct stat status;

	tree_directory(tree, EFI_VARIABLES);
	assert_int_equal(write_text(tree, "text", 0), 0);
	assert_int_equal(fstatat(tree->root.fd, PATH, &status, 0), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

/* No empty file is left, which efivarfs would show as a variable. */
static void test_new_one_fails(void **state)
{
	const struct tree *tree = *state;

	tree_directory(tree, EFI_VARIABLES);
	assert_int_equal(write_text(tree, "text", ENOSPC), -ENOSPC);
	assert_int_equal(root_exists(&tree->root, PATH), -ENOENT);
}

static void test_old_one_fails(void **state)
{
	const struct tree *tree = *state;

	tree_write_bytes(tree, PATH, HEAD "first", 9);
	assert_int_equal(write_text(tree, "other", EIO), -EIO);
	assert_content(tree, "first");
}

static void test_too_large(void **state)
{
	const struct tree *tree = *state;
	static char bytes[4097];

	tree_directory(tree, EFI_VARIABLES);
	assert_int_equal(efi_variable_write(&tree->root, NAME, bytes, sizeof(bytes)), -EFBIG);
	assert_int_equal(root_exists(&tree->root, PATH), -ENOENT);
}

static void test_nowhere(void **state)
{
	const struct tree *tree = *state;

	assert_int_equal(write_text(tree, "text", 0), -ENOENT);
	assert_int_equal(efi_variable_remove(&tree->root, NAME), -ENOENT);
}

/* Nothing behind a link is written to. */
static void test_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *text = NULL;

	tree_write(tree, "other", "as it was");
	tree_link(tree, PATH, "/other");
	assert_int_equal(write_text(tree, "text", 0), -ELOOP);
	text = tree_read(tree, "other");
	assert_string_equal(text, "as it was");
}

static void test_remove(void **state)
{
	const struct tree *tree = *state;

	tree_write_bytes(tree, PATH, HEAD "text", 8);
	assert_int_equal(efi_variable_remove(&tree->root, NAME), 0);
	assert_int_equal(root_exists(&tree->root, PATH), -ENOENT);
	assert_int_equal(efi_variable_remove(&tree->root, NAME), -ENOENT);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "read", test_read, read_rows);
	suite_add_in_tree(&suite, "nothing to read", test_nothing_to_read);
	suite_add_in_tree(&suite, "attributes and value in one write", test_one_write);
	suite_add_in_tree(&suite, "nobody else reads it", test_mode);
	suite_add_in_tree(&suite, "a new one that cannot be written", test_new_one_fails);
	suite_add_in_tree(&suite, "an old one that cannot be written", test_old_one_fails);
	suite_add_in_tree(&suite, "more than a variable holds", test_too_large);
	suite_add_in_tree(&suite, "no efivarfs", test_nowhere);
	suite_add_in_tree(&suite, "a link", test_link);
	suite_add_in_tree(&suite, "remove", test_remove);
	return suite_run(&suite, "EFI variable");
}
