/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probe/kmsg.h"
#include "tree.h"
#include "util/memory.h"

static const struct row {
	const char *name;
	const char *record;
	const char *text; /* NULL: not the kernel's */
} rows[] = {
	{ "of the kernel", "6,339,5140900,-;DMAR: x", "DMAR: x" },
	{ "of the kernel, an emergency", "0,1,2,-;x", "x" },
	{ "with more fields than today", "4,1,2,-,caller=T1;x", "x" },
	{ "a text with a semicolon", "6,1,2,-;a;b", "a;b" },
	{ "of user space", "14,339,5140900,-;DMAR: x", NULL },
	{ "of the least other facility", "8,1,2,-;x", NULL },
	{ "with facility bits beyond a byte", "2054,1,2,-;x", NULL },
	{ "a number that overflows to 6", "4294967302,1,2,-;x", NULL },
	{ "no priority", ",1,2,-;x", NULL },
	{ "no number", "six,1,2,-;x", NULL },
	{ "a negative one", "-2,1,2,-;x", NULL },
	{ "a line of KEY=value", " SUBSYSTEM=pci;x", NULL },
	{ "no text", "6,1,2,-", NULL },
	{ "nothing", "", NULL },
};

static void test_record(void **state)
{
	const struct row *row = *state;
	const char *text = kmsg_kernel_text(row->record);

	if (row->text)
		assert_string_equal(text, row->text);
	else
		assert_null(text);
}

static void collect(const char *text, void *context)
{
	char **all = context;
	char *before = *all;

	*all = memory_printf("%s%s|", before ? before : "", text);
	free(before);
}

static void test_lines(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *all = NULL;

	tree_write(tree, "dev/kmsg",
		   "6,1,2,-;one\n SUBSYSTEM=pci\n12,2,3,-;user\n6,3,4,-;two\n6,4,5,-;cut");
	assert_int_equal(kmsg_each_line(&tree->root, collect, &all), 0);
	assert_string_equal(all, "one|two|");
}

/* Longer than the buffer, and a line that is longer than any of the kernel's. */
static void test_long_log(void **state)
{
	const struct tree *tree = *state;
	char *log = memory_new(60000, 1), *out = log;
	_cleanup_free_ char *all = NULL;

	for (int i = 0; i < 1000; i++)
		out = stpcpy(out, "6,1,2,-;a line of some length\n");
	memset(out, 'x', 20000);
	strcpy(out + 20000, "\n6,1,2,-;last\n");
	tree_write(tree, "dev/kmsg", log);
	free(log);
	assert_int_equal(kmsg_each_line(&tree->root, collect, &all), 0);
	assert_int_equal(strlen(all), 1000 * strlen("a line of some length|") + strlen("last|"));
}

static void count_line(const char *text, void *context)
{
	(void)text;
	(*(size_t *)context)++;
}

/* One that never ends is left. */
static void test_endless(void **state)
{
	const struct tree *tree = *state;
	size_t lines = 0;
	_cleanup_close_ int fd = -1;

	tree_write(tree, "dev/kmsg", "6,1,2,-;first\n");
	fd = openat(tree->root.fd, "dev/kmsg", O_WRONLY);
	assert_int_equal(ftruncate(fd, 1l << 34), 0);
	assert_int_equal(kmsg_each_line(&tree->root, count_line, &lines), 1);
	assert_int_equal(lines, 1);
}

static void test_no_log(void **state)
{
	const struct tree *tree = *state;

	assert_true(kmsg_each_line(&tree->root, collect, NULL) < 0);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "record", test_record, rows);
	suite_add_in_tree(&suite, "lines", test_lines);
	suite_add_in_tree(&suite, "a long log", test_long_log);
	suite_add_in_tree(&suite, "an endless log", test_endless);
	suite_add_in_tree(&suite, "no log", test_no_log);
	return suite_run(&suite, "kmsg");
}
