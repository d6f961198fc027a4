/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>

#include "report/others.h"
#include "tree.h"

#define DRIVERS "sys/bus/pci/drivers/"

static void test_held(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(held_free) struct held held = { 0 };
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };

	assert_int_equal(held_read(&tree->root, &held), -ENOENT);
	tree_write(tree, DRIVERS "vfio-pci/new_id", "");
	tree_directory(tree, DRIVERS "vfio-pci/0000:04:00.0");
	tree_directory(tree, DRIVERS "vfio-pci/module");
	tree_directory(tree, DRIVERS "nvme/0000:02:00.0");
	tree_directory(tree, DRIVERS "mlx5_vfio_pci/0000:03:00.0");
	tree_directory(tree, DRIVERS "pciback/10000:01:00.0");
	tree_directory(tree, DRIVERS "pci-stub/0000:05:00.0");
	tree_directory(tree, DRIVERS "vfio-pci/0000:06:00.0");
	assert_int_equal(held_read(&tree->root, &held), 0);
	assert_int_equal(held.count, 5);
	assert_string_equal(held.items[0].driver, "mlx5_vfio_pci");
	assert_string_equal(held.items[4].driver, "pciback");
	assert_int_equal(held.items[4].address.domain, 0x10000);
	tree_write(
		tree, REPORT_PATH,
		"{\"version\": 1, \"program\": \"p\", \"findings\": [], \"devices\": ["
		"{\"address\": \"0000:03:00.0\", \"driver\": \"vfio-pci\", \"state\": \"bound\"},"
		"{\"address\": \"0000:04:00.0\", \"driver\": \"vfio-pci\", \"state\": \"bound\"},"
		"{\"address\": \"0000:05:00.0\", \"driver\": \"pci-stub\", \"state\": \"refused\"},"
		"{\"address\": \"0000:06:00.0\", \"driver\": \"vfio-pci\", \"state\": \"parked\"}]}");
	assert_int_equal(store_read(&tree->root, &store), 0);
	others_keep(&held, &store);
	assert_int_equal(held.count, 4); /* all but the one that was bound to this driver */
	assert_string_equal(held.items[1].driver, "pci-stub");
	assert_int_equal(held.items[2].address.bus, 6); /* of a state that nobody knows */
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "what stub drivers have, and the record", test_held);
	return suite_run(&suite, "report_others");
}
