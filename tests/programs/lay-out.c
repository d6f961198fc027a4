/* SPDX-License-Identifier: GPL-2.0-or-later */
/* lay-out FILE DIRECTORY: the host of tests/hosts/FILE, for tests of the programs. */
#include "helpers.h"

#include <string.h>

#include "host.h"
#include "tree.h"

int main(int argc, char **argv)
{
	struct tree tree;
	_cleanup_free_ char *text = NULL;
	char *tests;

	assert_int_equal(argc, 3);
	assert_int_equal(root_open(argv[2], &tree.root), 0);
	text = read_source(argv[1]);
	tests = strstr(text, "\n=== ");
	if (tests)
		*tests = '\0';
	host_lay_out(&tree, text);
	root_close(&tree.root);
	return 0;
}
