/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/iommu.h"
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
	{ "Arm, in the firmware alone",
	  { "firmware/acpi/tables/IORT" },
	  "",
	  IOMMU_KIND_SMMU,
	  IOMMU_STATE_OFF,
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

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "survey", test_survey, rows);
	return suite_run(&suite, "iommu");
}
