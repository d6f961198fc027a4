/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Stacks that no file of tests/hosts/ could hold; the usual ones are in stacks.host there. */
#include "helpers.h"

#include "probe/needs/block.h"
#include "tree.h"
#include "util/memory.h"

#define DM "sys/devices/virtual/block/dm-0"

/* A mapping made of COUNT disks, all on one controller. */
static void add_wide_mapping(const struct tree *tree, int count)
{
	for (int i = 0; i < count; i++) {
		_cleanup_free_ char *slave = memory_printf(DM "/slaves/sd%d", i);
		_cleanup_free_ char *link = memory_printf("sys/class/block/sd%d", i);
		_cleanup_free_ char *target =
			memory_printf("../../devices/pci0000:00/0000:00:03.0/block/sd%d", i);

		tree_write(tree, slave, "");
		tree_link(tree, link, target);
	}
}

static bool note_mapping(const struct tree *tree, struct needs *needs, struct findings *findings)
{
	_cleanup_(names_free) struct names luks = { 0 };
	struct pci_device disk = {
		.address = { .slot = 3 },
		.class = 0x010802,
		.path = (char *)"pci0000:00/03.0",
	};
	const struct facts facts = { .devices = &disk, .device_count = 1 };
	const struct survey survey = { &tree->root, &facts, needs, findings };
	const struct mounts mounts = { 0 };

	return block_note(&survey, &mounts, DM, "/", &luks);
}

static void test_wide(void **state)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_(needs_free) struct needs needs = { 0 };
	const struct tree *tree = *state;

	add_wide_mapping(tree, 300);
	assert_true(note_mapping(tree, &needs, &findings));
	assert_findings(&findings, NULL);
	assert_int_equal(needs.count, 1);
	assert_string_equal(needs.items[0].why, "/ on /dev/dm-0");
}

/* What was found so far counts; that it is not all is told once. */
static void test_too_wide(void **state)
{
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_(needs_free) struct needs needs = { 0 };
	const struct tree *tree = *state;

	add_wide_mapping(tree, 5000);
	assert_true(note_mapping(tree, &needs, &findings));
	assert_findings(&findings,
			"need-unresolved: / on /dev/dm-0: it is made of too many devices");
	assert_int_equal(needs.count, 1);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "a mapping of many disks", test_wide);
	suite_add_in_tree(&suite, "a mapping of too many disks", test_too_wide);
	return suite_run(&suite, "block");
}
