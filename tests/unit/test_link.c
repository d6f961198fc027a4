/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>

#include "system/link.h"
#include "tree.h"
#include "util/memory.h"

static const struct target_row {
	const char *target;
	const char *leads_to; /* from a/b/link */
} rows[] = {
	{ "c", "a/b/c" },
	{ "../c", "a/c" },
	{ "./../c//d/.", "a/c/d" },
	{ "../../../../etc/passwd", "etc/passwd" },
	{ "/dev/../x", "x" },
	{ "..", "a" },
	{ "/", "" },
	{ "a..b/...", "a/b/a..b/..." },
};

static void test_target(void **state)
{
	const struct target_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *target = NULL;

	tree_link(&tree, "a/b/link", row->target);
	target = link_target(&tree.root, "a/b/link");
	tree_remove(&tree);
	assert_string_equal(target, row->leads_to);
}

static void test_no_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *end = NULL;

	tree_write(tree, "dev/sda", "");
	assert_null(link_target(&tree->root, "dev/sda"));
	assert_null(link_target(&tree->root, "dev/sdb"));
	end = link_end(&tree->root, "dev/sdb");
	assert_string_equal(end, "dev/sdb");
}

/* /dev/vg/root -> ../mapper/vg-root -> ../dm-0, which need not be there. */
static void test_several_hops(void **state)
{
	const struct tree *tree = *state;
	_cleanup_free_ char *end = NULL;

	tree_link(tree, "dev/vg/root", "../mapper/vg-root");
	tree_link(tree, "dev/mapper/vg-root", "../dm-0");
	end = link_end(&tree->root, "dev/vg/root");
	assert_string_equal(end, "dev/dm-0");
}

static void test_circle(void **state)
{
	const struct tree *tree = *state;

	tree_link(tree, "dev/a", "b");
	tree_link(tree, "dev/b", "./a");
	tree_link(tree, "dev/self", "self");
	assert_null(link_end(&tree->root, "dev/a"));
	assert_null(link_end(&tree->root, "dev/self"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "target", test_target, rows);
	suite_add_in_tree(&suite, "what is no link", test_no_link);
	suite_add_in_tree(&suite, "several hops", test_several_hops);
	suite_add_in_tree(&suite, "circles", test_circle);
	return suite_run(&suite, "link");
}
