/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Archives are unpacked by cpio(1), which shares no code with ours; kernels do it in tests/vm. */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "cli/image/cpio.h"
#include "tree.h"
#include "util/memory.h"

/* Every remainder of 4, for names and for contents. */
static const struct {
	const char *path, *text;
} files[] = {
	{ "init", "1" },       { "a/b", "" },         { "a/bc", "12345" },
	{ "a/bcd/e", "1234" }, { "a/bcd/f", "\n\n" }, { "abc/d", "123" },
};

static void fill(struct cpio *cpio)
{
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		cpio_add_file(cpio, files[i].path, i ? 0644 : 0755, files[i].text,
			      strlen(files[i].text));
	cpio_finish(cpio);
}

/* What the shell's COMMAND says, in TREE. The caller frees it. */
static char *run(const struct tree *tree, const char *command)
{
	_cleanup_free_ char *line =
		memory_printf("cd %s && (%s) >out 2>&1", tree->root.path, command);

	assert_int_equal(system(line), 0);
	return tree_read(tree, "out");
}

static void test_unpack(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	_cleanup_free_ char *said = NULL, *list = NULL;

	fill(&cpio);
	tree_write_bytes(tree, "archive", cpio.bytes, cpio.size);
	said = run(tree, "mkdir x && cd x && cpio --quiet -i <../archive");
	assert_string_equal(said, "");
	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		_cleanup_free_ char *path = memory_printf("x/%s", files[i].path);
		_cleanup_free_ char *text = tree_read(tree, path);

		assert_string_equal(text, files[i].text);
	}
	list = run(tree, "stat -c '%a %F' x/init x/a/b x/a");
	assert_string_equal(list, "755 regular file\n644 regular empty file\n755 directory\n");
}

/* Each directory before what is in it, and not again right behind that. */
static void test_order(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	_cleanup_free_ char *list = NULL;

	fill(&cpio);
	tree_write_bytes(tree, "archive", cpio.bytes, cpio.size);
	list = run(tree, "cpio --quiet -t <archive");
	assert_string_equal(list, "init\na\na/b\na/bc\na/bcd\na/bcd/e\na/bcd/f\nabc\nabc/d\n");
}

/* Whatever the day, and another archive can follow. */
static void test_bytes(void **state)
{
	_cleanup_(cpio_free) struct cpio first = { 0 }, second = { 0 };

	(void)state;
	fill(&first);
	fill(&second);
	assert_int_equal(first.size % 4, 0);
	assert_int_equal(first.size, second.size);
	assert_memory_equal(first.bytes, second.bytes, first.size);
}

/* Of one path the last wins, whatever it was. */
static void test_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(cpio_free) struct cpio cpio = { 0 };
	_cleanup_free_ char *list = NULL;

	cpio_add_link(&cpio, "init", "nothing");
	cpio_add_file(&cpio, "a/file", 0644, "12345", 5);
	cpio_add_link(&cpio, "init", "a/file");
	cpio_finish(&cpio);
	tree_write_bytes(tree, "archive", cpio.bytes, cpio.size);
	list = run(tree, "mkdir x && cd x && cpio --quiet -iu <../archive && cat init");
	assert_string_equal(list, "12345");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "cpio unpacks it", test_unpack);
	suite_add_in_tree(&suite, "directories come first", test_order);
	suite_add_in_tree(&suite, "a link, and another in its place", test_link);
	suite_add(&suite, "always the same bytes", test_bytes);
	return suite_run(&suite, "cpio");
}
