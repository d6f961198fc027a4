/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "util/cleanup.h"
#include "util/memory.h"

struct tree tree_make(void)
{
	/* In memory where there is such a place: some tests make many. */
	const char *place = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	_cleanup_free_ char *path = memory_printf("%s/passthru-unit-XXXXXX", place);
	struct tree tree;

	assert_non_null(mkdtemp(path));
	assert_int_equal(root_open(path, &tree.root), 0);
	return tree;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *ftw)
{
	(void)status, (void)type, (void)ftw;
	return remove(path);
}

void tree_remove(struct tree *tree)
{
	assert_int_equal(nftw(tree->root.path, remove_entry, 16, FTW_DEPTH | FTW_PHYS), 0);
	root_close(&tree->root);
}

static void make_directories(const struct tree *tree, const char *path, size_t length)
{
	for (size_t i = 1; i <= length; i++) {
		_cleanup_free_ char *parent = NULL;

		if (path[i] != '/' && i != length)
			continue;
		parent = memory_copy(path, i);
		if (mkdirat(tree->root.fd, parent, 0755) < 0)
			assert_int_equal(errno, EEXIST);
	}
}

static void make_parents(const struct tree *tree, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		make_directories(tree, path, (size_t)(slash - path));
}

void tree_write_bytes(const struct tree *tree, const char *path, const void *bytes, size_t size)
{
	int fd;

	make_parents(tree, path);
	fd = openat(tree->root.fd, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	close(fd);
}

void tree_write(const struct tree *tree, const char *path, const char *text)
{
	tree_write_bytes(tree, path, text, strlen(text));
}

void tree_write_at(const struct tree *tree, const char *path, long offset, const void *bytes,
		   size_t size)
{
	int fd = openat(tree->root.fd, path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	if (offset < 0)
		offset = lseek(fd, 0, SEEK_END);
	assert_int_equal(pwrite(fd, bytes, size, offset), size);
	close(fd);
}

void tree_link(const struct tree *tree, const char *path, const char *target)
{
	make_parents(tree, path);
	assert_int_equal(symlinkat(target, tree->root.fd, path), 0);
}

void tree_directory(const struct tree *tree, const char *path)
{
	make_directories(tree, path, strlen(path));
}

char *tree_read(const struct tree *tree, const char *path)
{
	_cleanup_free_ char *full = memory_printf("%s/%s", tree->root.path, path);

	return read_source(full);
}

static int set_up(void **state)
{
	struct tree *tree = memory_new(1, sizeof(*tree));

	*tree = tree_make();
	*state = tree;
	return 0;
}

static int tear_down(void **state)
{
	tree_remove(*state);
	free(*state);
	return 0;
}

void suite_add_in_tree(struct suite *suite, const char *name, CMUnitTestFunction test)
{
	suite_add(suite, name, test);
	suite->tests[suite->count - 1].setup_func = set_up;
	suite->tests[suite->count - 1].teardown_func = tear_down;
}
