/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "probe/iommu.h"
#include "tree.h"

static const struct row {
	const char *name;
	const char *files[4]; /* what is below /sys, empty but for chip_name */
	const char *chip;     /* content of every chip_name */
	enum iommu_kind kind;
	enum iommu_state state;
	bool remapping;
} rows[] = {
	{ "none", { "x" }, "", IOMMU_KIND_NONE, IOMMU_STATE_ABSENT, false },
	{ "Intel, on",
	  { "class/iommu/dmar0", "firmware/acpi/tables/DMAR" },
	  "",
	  IOMMU_KIND_INTEL,
	  IOMMU_STATE_ON,
	  false },
	{ "Intel, on, with remapping",
	  { "class/iommu/dmar0", "kernel/irq/1/chip_name", "kernel/irq/24/chip_name" },
	  "IR-PCI-MSI\n",
	  IOMMU_KIND_INTEL,
	  IOMMU_STATE_ON,
	  true },
	{ "Intel, on, without remapping",
	  { "class/iommu/dmar0", "kernel/irq/24/chip_name" },
	  "PCI-MSI\n",
	  IOMMU_KIND_INTEL,
	  IOMMU_STATE_ON,
	  false },
	{ "Intel, in the firmware alone",
	  { "firmware/acpi/tables/DMAR" },
	  "",
	  IOMMU_KIND_INTEL,
	  IOMMU_STATE_OFF,
	  false },
	{ "AMD, on", { "class/iommu/ivhd0" }, "", IOMMU_KIND_AMD, IOMMU_STATE_ON, false },
	{ "AMD, in the firmware alone",
	  { "firmware/acpi/tables/IVRS" },
	  "",
	  IOMMU_KIND_AMD,
	  IOMMU_STATE_OFF,
	  false },
	{ "Arm, on",
	  { "class/iommu/smmu3.0x000000000a000000" },
	  "",
	  IOMMU_KIND_SMMU,
	  IOMMU_STATE_ON,
	  false },
	{ "a guest, virtio-iommu on PCI",
	  { "class/iommu/0000:00:01.0" },
	  "",
	  IOMMU_KIND_VIRTIO,
	  IOMMU_STATE_ON,
	  false },
	{ "a guest, virtio-iommu as a platform device",
	  { "class/iommu/a000000.virtio_mmio" },
	  "",
	  IOMMU_KIND_VIRTIO,
	  IOMMU_STATE_ON,
	  false },
	{ "Arm, a table that names no SMMU",
	  { "firmware/acpi/tables/IORT" },
	  "",
	  IOMMU_KIND_NONE,
	  IOMMU_STATE_ABSENT,
	  false },
	{ "a unit of an unknown kind",
	  { "class/iommu/apple-dart" },
	  "",
	  IOMMU_KIND_NONE,
	  IOMMU_STATE_ABSENT,
	  false },
};

static void test_survey(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	struct facts facts = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(row->files) && row->files[i]; i++) {
		char path[100] = "sys/";

		tree_write(&tree, strcat(path, row->files[i]), row->chip);
	}
	iommu_survey(&tree.root, &facts);
	tree_remove(&tree);
	assert_int_equal(facts.iommu_kind, row->kind);
	assert_int_equal(facts.iommu_state, row->state);
	assert_int_equal(facts.interrupt_remapping, row->remapping);
}

static void test_smmu_version(void **state)
{
	static const char *const units[] = { "sys/class/iommu/smmu3.0x000000000a000000",
					     "sys/class/iommu/smmu.0x000000000a000000" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		struct tree tree = tree_make();
		struct facts facts = { 0 };

		tree_write(&tree, units[i], "");
		iommu_survey(&tree.root, &facts);
		tree_remove(&tree);
		assert_int_equal(facts.iommu_kind, IOMMU_KIND_SMMU);
		assert_int_equal(facts.is_smmu_v3, i == 0);
	}
}

/* A table of three nodes, of 20, 24 and 16 bytes behind its header. */
static void make_iort(uint8_t table[static 108], uint8_t middle_type)
{
	memset(table, 0, 108);
	table[36] = 3;
	table[40] = 48;
	table[48] = 0, table[49] = 20;
	table[68] = middle_type, table[69] = 24;
	table[92] = 2, table[93] = 16;
}

static void test_iort(void **state)
{
	uint8_t table[108];

	(void)state;
	make_iort(table, 4);
	assert_true(iommu_iort_has_smmu(table, sizeof(table)));
	assert_false(iommu_iort_has_smmu(table, 68));
	assert_false(iommu_iort_has_smmu(table, 40));
	make_iort(table, 3);
	assert_true(iommu_iort_has_smmu(table, sizeof(table)));
	make_iort(table, 1);
	assert_false(iommu_iort_has_smmu(table, sizeof(table)));
	make_iort(table, 4);
	table[36] = 1; /* no node that is counted */
	assert_false(iommu_iort_has_smmu(table, sizeof(table)));
	make_iort(table, 1);
	table[69] = 0; /* of no length: would never end */
	table[36] = table[37] = table[38] = table[39] = 0xff;
	assert_false(iommu_iort_has_smmu(table, sizeof(table)));
	make_iort(table, 4);
	table[40] = table[41] = table[42] = table[43] = 0xff;
	assert_false(iommu_iort_has_smmu(table, sizeof(table)));
}

static void test_dmar(void **state)
{
	uint8_t table[48] = { 0 };

	(void)state;
	assert_false(iommu_dmar_can_remap(table, sizeof(table)));
	table[37] = 0xfe;
	assert_false(iommu_dmar_can_remap(table, sizeof(table)));
	table[37] = 0x01;
	assert_true(iommu_dmar_can_remap(table, sizeof(table)));
	assert_false(iommu_dmar_can_remap(table, 37));
}

static const struct regions_row {
	const char *name;
	const char *regions;
	bool direct;
} regions_rows[] = {
	{ "none", "", false },
	{ "of interrupts", "0x00000000fee00000 0x00000000feefffff msi\n", false },
	{ "direct",
	  "0x0000000000000000 0x0000000000ffffff direct\n0x00000000fee00000 0x00000000feefffff msi\n",
	  true },
	{ "direct, the last",
	  "0x00000000fee00000 0x00000000feefffff msi\n0x0000000000000000 0x0000000000ffffff direct",
	  true },
	{ "that may be given up", "0x0000000000000000 0x0000000000ffffff direct-relaxable\n",
	  false },
	{ "reserved", "0x00000000fd000000 0x000000ffffffffff reserved\n", false },
};

static void test_regions(void **state)
{
	const struct regions_row *row = *state;

	assert_int_equal(iommu_has_direct_region(row->regions), row->direct);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "survey", test_survey, rows);
	suite_add(&suite, "remapping in a DMAR", test_dmar);
	suite_add(&suite, "SMMUs in an IORT", test_iort);
	suite_add(&suite, "versions of SMMUs", test_smmu_version);
	suite_add_rows(&suite, "regions", test_regions, regions_rows);
	return suite_run(&suite, "iommu");
}
