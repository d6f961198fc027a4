/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/iommu_summary.h"
#include "facts/iommu_words.h"

static const struct row {
	const char *name;
	struct facts facts;
	enum finding_code code; /* with the text "why", unless `has_none` */
	bool has_none;
	const char *summary;
} rows[] = {
	{ "Intel",
	  { .iommu_kind = IOMMU_KIND_INTEL,
	    .iommu_state = IOMMU_STATE_ON,
	    .interrupt_remapping = true },
	  0,
	  true,
	  "Intel VT-d on, interrupt remapping on" },
	{ "other findings",
	  { .iommu_kind = IOMMU_KIND_AMD,
	    .iommu_state = IOMMU_STATE_ON,
	    .interrupt_remapping = true },
	  FINDING_IOMMU_FIRMWARE_BUG,
	  false,
	  "AMD-Vi on, interrupt remapping on" },
	{ "no remapping, and nobody says why",
	  { .iommu_kind = IOMMU_KIND_AMD, .iommu_state = IOMMU_STATE_ON },
	  0,
	  true,
	  "AMD-Vi on, interrupt remapping OFF" },
	{ "no remapping",
	  { .iommu_kind = IOMMU_KIND_AMD, .iommu_state = IOMMU_STATE_ON },
	  FINDING_REMAPPING_OPTION,
	  false,
	  "AMD-Vi on, but why; remove it" },
	{ "remapping unread",
	  { .iommu_kind = IOMMU_KIND_INTEL,
	    .iommu_state = IOMMU_STATE_ON,
	    .remapping_is_unread = true },
	  FINDING_IOMMU_UNKNOWN,
	  false,
	  "Intel VT-d on, interrupt remapping unknown: why" },
	{ "SMMU",
	  { .iommu_kind = IOMMU_KIND_SMMU, .iommu_state = IOMMU_STATE_ON },
	  0,
	  true,
	  "Arm SMMU on" },
	{ "SMMUv3",
	  { .iommu_kind = IOMMU_KIND_SMMU, .iommu_state = IOMMU_STATE_ON, .is_smmu_v3 = true },
	  0,
	  true,
	  "Arm SMMUv3 on" },
	{ "virtio",
	  { .iommu_kind = IOMMU_KIND_VIRTIO,
	    .iommu_state = IOMMU_STATE_ON,
	    .interrupt_remapping = true },
	  0,
	  true,
	  "virtio-iommu on, interrupt remapping on" },
	{ "Xen",
	  { .iommu_kind = IOMMU_KIND_XEN, .iommu_state = IOMMU_STATE_ON, .is_smmu_v3 = true },
	  0,
	  true,
	  "on, says Xen" },
	{ "Xen, and its log",
	  { .iommu_kind = IOMMU_KIND_XEN,
	    .iommu_state = IOMMU_STATE_ON,
	    .interrupt_remapping = true },
	  0,
	  true,
	  "on, says Xen, interrupt remapping on" },
	{ "Xen, off",
	  { .iommu_kind = IOMMU_KIND_XEN, .iommu_state = IOMMU_STATE_OFF },
	  FINDING_XEN_IOMMU_OFF_BY_OPTION,
	  false,
	  "OFF: why; remove it" },
	{ "off",
	  { .iommu_kind = IOMMU_KIND_INTEL, .iommu_state = IOMMU_STATE_OFF },
	  FINDING_IOMMU_NOT_ENABLED,
	  false,
	  "OFF: why; add intel_iommu=on to the kernel command line" },
	{ "off, and nobody says why",
	  { .iommu_kind = IOMMU_KIND_INTEL, .iommu_state = IOMMU_STATE_OFF },
	  0,
	  true,
	  "OFF" },
	{ "unknown",
	  { .iommu_state = IOMMU_STATE_UNKNOWN },
	  FINDING_IOMMU_UNKNOWN,
	  false,
	  "unknown: why" },
	{ "unknown, whatever else is there",
	  { .iommu_kind = IOMMU_KIND_INTEL,
	    .iommu_state = IOMMU_STATE_UNKNOWN,
	    .interrupt_remapping = true },
	  0,
	  true,
	  "unknown" },
};

static void check(const struct facts *facts, const char *expected)
{
	_cleanup_free_ char *summary = iommu_summary(facts);

	if (strcmp(summary, expected) != 0)
		fail_showing(expected, summary);
}

static void test_summary(void **state)
{
	const struct row *row = *state;
	struct facts facts = row->facts;

	if (!row->has_none)
		findings_add(&facts.iommu_findings, row->code, "why");
	check(&facts, row->summary);
	findings_free(&facts.iommu_findings);
}

/* The firmware's setup has one word for it, that of the processor's vendor. */
static void test_vendors(void **state)
{
	static const struct {
		uint16_t vendor;
		const char *summary;
	} vendors[] = {
		{ 0x8086, "none: why; enable VT-d in the firmware setup" },
		{ 0x1022, "none: why; enable IOMMU (AMD-Vi) in the firmware setup" },
		{ 0x1d0f,
		  "none: why; enable VT-d (Intel), AMD-Vi or IOMMU (AMD), or SMMU (Arm) in the firmware setup" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(vendors); i++) {
		struct pci_device bridge = { .vendor = vendors[i].vendor };
		struct facts facts = { .devices = &bridge,
				       .device_count = 1,
				       .iommu_state = IOMMU_STATE_ABSENT };

		findings_add(&facts.iommu_findings, FINDING_IOMMU_NO_TABLE, "why");
		check(&facts, vendors[i].summary);
		findings_free(&facts.iommu_findings);
	}
}

/* Before Linux 6.15 groups are made when a driver is bound. */
static void test_groups_to_come(void **state)
{
	struct pci_device device = { .group_awaits_bind = true };
	const struct facts facts = {
		.devices = &device,
		.device_count = 1,
		.iommu_kind = IOMMU_KIND_SMMU,
		.iommu_state = IOMMU_STATE_ON,
		.is_smmu_v3 = true,
	};

	(void)state;
	check(&facts, "Arm SMMUv3 on, some IOMMU groups unknown until a driver is bound");
}

static void test_words(void **state)
{
	(void)state;
	for (int i = IOMMU_KIND_NONE; i <= IOMMU_KIND_VIRTIO; i++)
		assert_non_null(iommu_kind_word((enum iommu_kind)i));
	assert_string_equal(iommu_state_word(IOMMU_STATE_OFF), "off");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "summary", test_summary, rows);
	suite_add(&suite, "the vendor's word", test_vendors);
	suite_add(&suite, "groups to come", test_groups_to_come);
	suite_add(&suite, "words", test_words);
	return suite_run(&suite, "iommu_summary");
}
