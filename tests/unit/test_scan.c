/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The snapshot, of trees laid out as sysfs is. */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan/at_boot.h"
#include "probe/scan.h"
#include "probe/sriov.h"
#include "tree.h"
#include "util/memory.h"

#define NO_GROUP (-1)

/* Lay out device ADDRESS at PATH ("pci0000:00/0000:00:02.0") below /sys/devices. */
static void add_device(const struct tree *tree, const char *address, const char *path,
		       const char *uevent)
{
	_cleanup_free_ char *link = memory_printf("sys/bus/pci/devices/%s", address);
	_cleanup_free_ char *target = memory_printf("../../../devices/%s", path);
	_cleanup_free_ char *file = memory_printf("sys/devices/%s/uevent", path);

	tree_write(tree, file, uevent);
	tree_link(tree, link, target);
}

/* A link in the directory of the device at PATH to TARGET below /sys, relative as all in sysfs. */
static void add_link(const struct tree *tree, const char *path, const char *name,
		     const char *target)
{
	_cleanup_free_ char *link = memory_printf("sys/devices/%s/%s", path, name);
	_cleanup_free_ char *up = memory_copy("../../", strlen("../../"));
	_cleanup_free_ char *relative = NULL;

	for (const char *c = path; (c = strchr(c, '/')); c++) {
		_cleanup_free_ char *before = up;

		up = memory_printf("%s../", before);
	}
	relative = memory_printf("%s%s", up, target);
	tree_link(tree, link, relative);
}

/* Make the device at PATH a member of GROUP, behind an IOMMU. */
static void add_to_group(const struct tree *tree, const char *address, const char *path, int group)
{
	_cleanup_free_ char *directory = memory_printf("kernel/iommu_groups/%d", group);
	_cleanup_free_ char *member = memory_printf("sys/%s/devices/%s", directory, address);

	add_link(tree, path, "iommu_group", directory);
	tree_write(tree, member, "");
	tree_directory(tree, "sys/class/iommu/dmar0");
	add_link(tree, path, "iommu", "class/iommu/dmar0");
}

#define NIC    "DRIVER=e1000e\nPCI_CLASS=20000\nPCI_ID=8086:10D3\nMODALIAS=pci:x\n"
#define GPU    "PCI_CLASS=30000\nPCI_ID=10DE:2684\n"
#define AUDIO  "DRIVER=snd_hda_intel\nPCI_CLASS=40300\nPCI_ID=10DE:22BC\n"
#define BEHIND "pci0000:00/0000:00:01.0/"

/* A copy of a host can have links that begin at its root. */
static void test_absolute_link(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	tree_write(tree, "sys/devices/pci0000:00/0000:00:02.0/uevent", NIC);
	tree_link(tree, "sys/bus/pci/devices/0000:00:02.0", "/sys/devices/pci0000:00/0000:00:02.0");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	assert_int_equal(facts.device_count, 1);
	assert_string_equal(facts.devices[0].path, "pci0000:00/02.0");
}

static void test_host(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };
	struct pci_address address;

	add_device(tree, "10000:e1:00.0", "pci0000:00/0000:00:0e.0/pci10000:e0/10000:e1:00.0", GPU);
	add_device(tree, "0000:01:00.0", BEHIND "0000:01:00.0", GPU);
	add_device(tree, "0000:00:02.0", "pci0000:00/0000:00:02.0", NIC);
	add_device(tree, "0000:00:03.0", "pci0000:00/0000:00:03.0", "PCI_CLASS=nonsense\n");
	tree_link(tree, "sys/bus/pci/devices/0000:00:04.0", "../../../devices/gone");
	tree_write(tree, "sys/bus/pci/devices/nonsense/uevent", NIC);
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	assert_int_equal(facts.device_count, 3);
	assert_string_equal(facts.devices[0].path, "pci0000:00/02.0");
	assert_string_equal(facts.devices[0].driver, "e1000e");
	assert_int_equal(facts.devices[0].vendor, 0x8086);
	assert_int_equal(facts.devices[0].group, NO_GROUP);
	assert_string_equal(facts.devices[1].path, "pci0000:00/01.0/00.0");
	assert_string_equal(facts.devices[2].path, "pci0000:00/0e.0/pci10000:e0/00.0");
	assert_int_equal(address_parse("0000:01:00.0", &address), 0);
	assert_int_equal(facts_find(&facts, &address), 1);
	assert_int_equal(address_parse("0000:00:03.0", &address), 0);
	assert_int_equal(facts_find(&facts, &address), -ENOENT);
}

static void test_no_sysfs(void **state)
{
	const struct tree *tree = *state;
	struct facts facts = { .device_count = 7 };

	assert_int_equal(scan_host(&tree->root, &facts), -ENOENT);
	assert_int_equal(facts.device_count, 7);
}

static void test_no_devices(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };
	const struct pci_address address = { 0 };

	tree_directory(tree, "sys/bus/pci/devices");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	assert_int_equal(facts.device_count, 0);
	assert_int_equal(facts_find(&facts, &address), -ENOENT);
}

/* CONTEXT is the device that is meant. */
static bool is_vendor(const struct facts *facts, const struct pci_device *device,
		      const void *context)
{
	(void)facts;
	return device->vendor == *(const uint32_t *)context && device->class == 0x030000;
}

/* A GPU and its audio function in group 14, a NIC in group 15. */
static void add_host(const struct tree *tree)
{
	add_device(tree, "0000:01:00.0", BEHIND "0000:01:00.0", GPU);
	add_device(tree, "0000:01:00.1", BEHIND "0000:01:00.1", AUDIO);
	add_device(tree, "0000:00:02.0", "pci0000:00/0000:00:02.0", NIC);
	add_to_group(tree, "0000:01:00.0", BEHIND "0000:01:00.0", 14);
	add_to_group(tree, "0000:01:00.1", BEHIND "0000:01:00.1", 14);
	add_to_group(tree, "0000:00:02.0", "pci0000:00/0000:00:02.0", 15);
	tree_link(tree, "sys/bus/pci/drivers/snd_hda_intel/module",
		  "../../../../module/snd_hda_intel");
	tree_write(tree, "sys/module/snd_hda_intel/initstate", "live\n");
}

/* Devices that share the group of a matched one are looked at as well, others are not. */
static void test_details(void **state)
{
	static const uint32_t nvidia = 0x10de;
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };
	const struct pci_device *nic, *gpu, *audio;

	add_host(tree);
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, is_vendor, &nvidia);
	assert_int_equal(facts.device_count, 3);
	nic = &facts.devices[0], gpu = &facts.devices[1], audio = &facts.devices[2];
	assert_int_equal(gpu->group, 14);
	assert_true(gpu->translated);
	assert_int_equal(audio->group, 14);
	assert_true(audio->translated);
	assert_true(audio->driver_is_module);
	assert_int_equal(nic->group, NO_GROUP);
}

static bool is_any(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

/* vfio's no-IOMMU mode makes groups that translate nothing. */
static void test_no_iommu_mode(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_host(tree);
	tree_write(tree, "sys/kernel/iommu_groups/15/type", "unknown\n");
	tree_write(tree, "sys/kernel/iommu_groups/15/name", "vfio-noiommu\n");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, is_any, NULL);
	assert_int_equal(facts.devices[0].group, 15);
	assert_false(facts.devices[0].translated);
	assert_true(facts.devices[1].translated);
}

/*
 * At the next boot a module holds nothing; what is built in does. Its driver may have the link too.
 */
static void test_as_at_boot(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_host(tree);
	tree_link(tree, "sys/bus/pci/drivers/e1000e/module", "../../../../module/e1000e");
	tree_directory(tree, "sys/module/e1000e/parameters");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, is_any, NULL);
	facts_as_at_boot(&facts);
	assert_string_equal(facts.devices[0].driver, "e1000e");
	assert_string_equal(facts.devices[2].driver, "");
}

/* Two bridges that name each other: a walk up from them must come to an end. */
static void test_circle(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_device(tree, "0000:00:01.0", "pci0000:00/0000:00:02.0/0000:00:01.0", NIC);
	add_device(tree, "0000:00:02.0", "pci0000:00/0000:00:01.0/0000:00:02.0", NIC);
	add_device(tree, "0000:00:03.0", "pci0000:00/0000:00:03.0/0000:00:03.0", NIC);
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	assert_int_equal(facts.device_count, 3);
	for (size_t i = 0; i < facts.device_count; i++) {
		const struct pci_device *above = &facts.devices[i];
		size_t hops = 0;

		while ((above = facts_parent(&facts, above)))
			assert_true(hops++ < facts.device_count);
	}
}

#define PF "DRIVER=i40e\nPCI_CLASS=20000\nPCI_ID=8086:1572\n"
#define VF "PCI_CLASS=20000\nPCI_ID=8086:154C\n"

/* A link that names no device, or the physical function itself, is none of a virtual one. */
static void test_functions(void **state)
{
	struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_device(tree, "0000:03:00.0", BEHIND "0000:03:00.0", PF);
	add_device(tree, "0000:03:02.0", BEHIND "0000:03:02.0", VF);
	add_device(tree, "0000:03:02.1", BEHIND "0000:03:02.1", VF);
	add_device(tree, "0000:04:00.0", BEHIND "0000:04:00.0", PF);
	tree_write(tree, "sys/devices/" BEHIND "0000:03:00.0/sriov_totalvfs", "64\n");
	tree_write(tree, "sys/devices/" BEHIND "0000:03:00.0/sriov_numvfs", "4\n");
	add_link(tree, BEHIND "0000:03:00.0", "virtfn0", "devices/" BEHIND "0000:03:02.0");
	add_link(tree, BEHIND "0000:03:00.0", "virtfn1", "devices/" BEHIND "0000:03:00.0");
	add_link(tree, BEHIND "0000:03:00.0", "virtfn3", "devices/" BEHIND "0000:03:02.1");
	tree_write(tree, "sys/devices/" BEHIND "0000:04:00.0/sriov_totalvfs", "99999999999\n");

	assert_int_equal(scan_host(&tree->root, &facts), 0);
	functions_survey(&tree->root, &facts);
	assert_int_equal(facts.device_count, 4);
	assert_int_equal(facts.devices[0].vf_total, 64);
	assert_int_equal(facts.devices[0].vf_count, 4);
	assert_false(facts.devices[0].is_virtual);
	assert_ptr_equal(facts_physical(&facts, &facts.devices[1]), &facts.devices[0]);
	assert_int_equal(facts.devices[1].vf_number, 0);
	assert_ptr_equal(facts_physical(&facts, &facts.devices[2]), &facts.devices[0]);
	assert_int_equal(facts.devices[2].vf_number, 3);
	assert_int_equal(facts.devices[3].vf_total, 0);
	assert_null(facts_physical(&facts, &facts.devices[3]));
}

/* Without a survey, a device that somebody asks about says whose it is. */
static void test_physical(void **state)
{
	struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_device(tree, "0000:03:00.0", BEHIND "0000:03:00.0", PF);
	add_device(tree, "0000:03:02.0", BEHIND "0000:03:02.0", VF);
	add_link(tree, BEHIND "0000:03:02.0", "physfn", "devices/" BEHIND "0000:03:00.0");
	assert_int_equal(scan_host(&tree->root, &facts), 0);
	scan_details(&tree->root, NULL, "", &facts, is_any, NULL);
	assert_null(facts_physical(&facts, &facts.devices[0]));
	assert_ptr_equal(facts_physical(&facts, &facts.devices[1]), &facts.devices[0]);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "devices in order, hostile ones left out", test_host);
	suite_add_in_tree(&suite, "absolute links", test_absolute_link);
	suite_add_in_tree(&suite, "no sysfs", test_no_sysfs);
	suite_add_in_tree(&suite, "no devices", test_no_devices);
	suite_add_in_tree(&suite, "details, of all members of a group", test_details);
	suite_add_in_tree(&suite, "no-IOMMU mode translates nothing", test_no_iommu_mode);
	suite_add_in_tree(&suite, "as at boot: modules hold nothing", test_as_at_boot);
	suite_add_in_tree(&suite, "links that go in circles", test_circle);
	suite_add_in_tree(&suite, "physical and virtual functions", test_functions);
	suite_add_in_tree(&suite, "the physical function of one", test_physical);
	return suite_run(&suite, "scan");
}
