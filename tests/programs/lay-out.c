/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lay-out FILE DIRECTORY: the host of tests/hosts/FILE, for tests of the programs. The directory is
 * made if need be.
 */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "host.h"
#include "tree.h"

int main(int argc, char **argv)
{
	struct tree tree;
	_cleanup_free_ char *text = NULL;
	char *tests;

	if (argc != 3) {
		fputs("usage: lay-out FILE DIRECTORY\n", stderr);
		return 64;
	}
	if ((mkdir(argv[2], 0755) < 0 && errno != EEXIST) || root_open(argv[2], &tree.root) < 0) {
		perror(argv[2]);
		return 1;
	}
	text = read_source(argv[1]);
	tests = strstr(text, "\n=== ");
	if (tests)
		*tests = '\0';
	host_lay_out(&tree, text);
	root_close(&tree.root);
	return 0;
}
