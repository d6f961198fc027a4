/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a directory can show of devices in use; disks and guests need a kernel (tests/vm). */
#include "helpers.h"

#include "probe/scan.h"
#include "probe/usage.h"
#include "tree.h"
#include "util/memory.h"

#define DEVICE "sys/devices/pci0000:00/0000:00:02.0"

static bool is_any(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

static bool is_none(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return false;
}

static void make_device(const struct tree *tree)
{
	tree_write(tree, DEVICE "/uevent", "PCI_CLASS=20000\nPCI_ID=8086:10D3\n");
	tree_link(tree, "sys/bus/pci/devices/0000:00:02.0",
		  "../../../devices/pci0000:00/0000:00:02.0");
}

static void assert_usage(const struct tree *tree, scan_filter filter, enum usage usage,
			 const char *used_by)
{
	_cleanup_(facts_free) struct facts facts = { 0 };

	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, filter, NULL);
	usage_survey(&tree->root, &facts);
	assert_int_equal(facts.device_count, 1);
	assert_int_equal(facts.devices[0].usage, usage);
	if (used_by)
		assert_string_equal(facts.devices[0].used_by, used_by);
	else
		assert_null(facts.devices[0].used_by);
}

static const struct row {
	const char *name;
	const char *flags, *functions; /* of its interface; NULL: there are none */
	enum usage usage;
	const char *used_by;
} rows[] = {
	{ "nothing", NULL, NULL, USAGE_NONE, NULL },
	{ "up", "0x1003\n", NULL, USAGE_NETWORK, "interface eth0 is up" },
	{ "down", "0x1002\n", "0\n", USAGE_NONE, NULL },
	{ "flags that are none", "up\n", NULL, USAGE_NETWORK,
	  "may be in use: could not read /sys/class/net/eth0/flags: Bad message" },
	{ "a number that is none", "0x1002\n", "many\n", USAGE_FUNCTIONS,
	  "may be in use: could not read "
	  "/sys/bus/pci/devices/0000:00:02.0/sriov_numvfs: Bad message" },
	{ "virtual functions", NULL, "7\n", USAGE_FUNCTIONS, "7 VFs are enabled" },
	{ "the graver of two", "0x1003\n", "1\n", USAGE_FUNCTIONS, "1 VFs are enabled" },
};

static void test_usage(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();

	make_device(&tree);
	if (row->flags) {
		tree_write(&tree, DEVICE "/net/eth0/flags", row->flags);
		tree_link(&tree, "sys/class/net/eth0",
			  "../../devices/pci0000:00/0000:00:02.0/net/eth0");
	}
	if (row->functions)
		tree_write(&tree, DEVICE "/sriov_numvfs", row->functions);
	assert_usage(&tree, is_any, row->usage, row->used_by);
	assert_usage(&tree, is_none, USAGE_NONE, NULL);
	tree_remove(&tree);
}

/* A driver that is made to let go of Intel VMD takes all devices of its domain along. */
static void test_domain_owner(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	make_device(tree);
	tree_write(tree, DEVICE "/pci10000:00/10000:00:01.0/uevent",
		   "PCI_CLASS=20000\nPCI_ID=8086:10D3\n");
	tree_link(tree, "sys/bus/pci/devices/10000:00:01.0",
		  "../../../devices/pci0000:00/0000:00:02.0/pci10000:00/10000:00:01.0");
	tree_write(tree, DEVICE "/pci10000:00/10000:00:01.0/net/eth0/flags", "0x1003\n");
	tree_link(tree, "sys/class/net/eth0",
		  "../../devices/pci0000:00/0000:00:02.0/pci10000:00/10000:00:01.0/net/eth0");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, is_any, NULL);
	usage_survey(&tree->root, &facts);
	assert_int_equal(facts.device_count, 2);
	assert_string_equal(facts.devices[0].used_by, "interface eth0 is up");
	assert_string_equal(facts.devices[1].used_by, "interface eth0 is up");
}

/* Interfaces and disks that are of no PCI device, and nodes that are none, are no matter. */
static void test_others(void **state)
{
	const struct tree *tree = *state;

	make_device(tree);
	tree_write(tree, "sys/devices/virtual/net/lo/flags", "0x9\n");
	tree_link(tree, "sys/class/net/lo", "../../devices/virtual/net/lo");
	tree_write(tree, "sys/class/net/bonding_masters", "bond0\n");
	tree_directory(tree, DEVICE "/nvme/nvme0/nvme0n1");
	tree_link(tree, "sys/class/block/nvme0n1",
		  "../../devices/pci0000:00/0000:00:02.0/nvme/nvme0/nvme0n1");
	tree_write(tree, "dev/nvme0n1", "");
	assert_usage(tree, is_any, USAGE_NONE, NULL);
}

#define NODE DEVICE "/vfio-dev/vfio3"

/* A kernel without groups of VFIO's: only who has the device's own node open tells. */
static const struct node_row {
	const char *name;
	const char *file;   /* in the directory of the node; NULL: there is none */
	const char *target; /* what a process has open */
	const char *used_by;
} node_rows[] = {
	{ "nobody", "dev", "/dev/null", NULL },
	{ "a process", "dev", "/dev/vfio/devices/vfio3",
	  "in use by a guest: /dev/vfio/devices/vfio3 is open" },
	{ "another device's", "dev", "/dev/vfio/devices/vfio31", NULL },
	{ "a process in a chroot", "dev", "/srv/guest/dev/vfio/devices/vfio3",
	  "in use by a guest: /dev/vfio/devices/vfio3 is open" },
	{ "a process, and the node is removed", "dev", "/dev/vfio/devices/vfio3 (deleted)",
	  "in use by a guest: /dev/vfio/devices/vfio3 is open" },
	{ "a kernel without such nodes", "uevent", "/dev/vfio/devices/vfio3", NULL },
	{ "no directory", NULL, "/dev/vfio/devices/vfio3", NULL },
};

static void test_node(void **state)
{
	const struct node_row *row = *state;
	struct tree tree = tree_make();
	_cleanup_free_ char *file = row->file ? memory_printf(NODE "/%s", row->file) : NULL;

	make_device(&tree);
	tree_directory(&tree, "sys/kernel/iommu_groups/5");
	tree_link(&tree, DEVICE "/iommu_group", "../../../kernel/iommu_groups/5");
	if (file)
		tree_write(&tree, file, "");
	tree_directory(&tree, "proc/1/fd");
	tree_directory(&tree, "proc/self/fd");
	tree_link(&tree, "proc/1/fd/0", "/dev/null");
	tree_directory(&tree, "proc/22/fd");
	tree_link(&tree, "proc/22/fd/4", row->target);
	assert_usage(&tree, is_any, row->used_by ? USAGE_GUEST : USAGE_NONE, row->used_by);
	tree_remove(&tree);
}

/* Nobody among the processes has the node open, as far as they can be seen. */
static const struct proc_row {
	const char *name;
	const char *process;   /* besides number 33; NULL: there is no /proc */
	const char *namespace; /* of it */
	bool is_free;
} proc_rows[] = {
	{ "no /proc", NULL, NULL, false },
	{ "the first process is hidden", "22", "pid:[4026531836]", false },
	{ "a container", "1", "pid:[4026532571]", false },
	{ "the whole host", "1", "pid:[4026531836]", true },
};

static void test_proc(void **state)
{
	const struct proc_row *row = *state;
	struct tree tree = tree_make();

	make_device(&tree);
	tree_directory(&tree, "sys/kernel/iommu_groups/5");
	tree_link(&tree, DEVICE "/iommu_group", "../../../kernel/iommu_groups/5");
	tree_write(&tree, NODE "/dev", "");
	if (row->process) {
		_cleanup_free_ char *fd = memory_printf("proc/%s/fd", row->process);
		_cleanup_free_ char *ns = memory_printf("proc/%s/ns/pid", row->process);

		tree_directory(&tree, fd);
		tree_directory(&tree, "proc/33/fd");
		tree_link(&tree, ns, row->namespace);
	}
	assert_usage(&tree, is_any, row->is_free ? USAGE_NONE : USAGE_GUEST,
		     row->is_free ? NULL
				  : "may be in use by a guest: could not see who has "
				    "/dev/vfio/devices/vfio3 open: "
				    "/proc does not show the processes of the whole host");
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "usage", test_usage, rows);
	suite_add_rows(&suite, "usage: a node", test_node, node_rows);
	suite_add_rows(&suite, "usage: a node, as far as /proc shows", test_proc, proc_rows);
	suite_add_in_tree(&suite, "usage: of others", test_others);
	suite_add_in_tree(&suite, "usage: of what a PCI domain hangs on", test_domain_owner);
	return suite_run(&suite, "usage");
}
