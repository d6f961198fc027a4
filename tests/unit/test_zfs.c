/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "probe/needs/zfs.h"
#include "tree.h"
#include "util/memory.h"

/* zpool-status(8) with -LP, OpenZFS 2.1 */
#define STATUS                                                 \
	"  pool: rpool\n"                                      \
	" state: ONLINE\n"                                     \
	"config:\n\n"                                          \
	"\tNAME                STATE     READ WRITE CKSUM\n"   \
	"\trpool               ONLINE       0     0     0\n"   \
	"\t  mirror-0          ONLINE       0     0     0\n"   \
	"\t    /dev/nvme0n1p3  ONLINE       0     0     0\n"   \
	"\t    /dev/sda3       ONLINE       0     0     0\n"   \
	"\tlogs\n"                                             \
	"\t  /dev/nvme1n1      ONLINE       0     0     0\n\n" \
	"errors: No known data errors, not even in /dev/sdx\n"

static void test_status(void **state)
{
	_cleanup_(names_free) struct names names = { 0 };

	(void)state;
	zfs_parse_status(STATUS, &names);
	assert_int_equal(names.count, 3);
	assert_string_equal(names.items[0], "/dev/nvme0n1p3");
	assert_string_equal(names.items[1], "/dev/sda3");
	assert_string_equal(names.items[2], "/dev/nvme1n1");
}

/* A zpool(8) that prints what it was asked. */
static void put_zpool(const struct tree *tree)
{
	_cleanup_free_ char *path = memory_printf("%s:/usr/bin:/bin", tree->root.path);
	_cleanup_free_ char *file = memory_printf("%s/zpool", tree->root.path);

	tree_write(tree, "zpool", "#!/bin/sh\necho \"/dev/$1$2$3$4\"\n");
	assert_int_equal(chmod(file, 0755), 0);
	assert_int_equal(setenv("PATH", path, 1), 0);
}

static void test_zpool(void **state)
{
	_cleanup_(root_close) struct root host = { .fd = -1 };
	_cleanup_(names_free) struct names names = { 0 };
	const struct tree *tree = *state;

	put_zpool(tree);
	assert_int_equal(root_open("/", &host), 0);
	assert_int_equal(zfs_find_devices(&host, "rpool/ROOT/debian", &names), 0);
	assert_int_equal(names.count, 1);
	assert_string_equal(names.items[0], "/dev/status-LPrpool");
	assert_int_equal(zfs_find_devices(&host, "--help", &names), -EINVAL);
	assert_int_equal(zfs_find_devices(&host, "", &names), -EINVAL);
	assert_int_equal(zfs_find_devices(&tree->root, "rpool", &names), -EXDEV);
	assert_int_equal(names.count, 1);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "what zpool says", test_status);
	suite_add_in_tree(&suite, "zpool is asked for the pool, on the host only", test_zpool);
	return suite_run(&suite, "zfs");
}
