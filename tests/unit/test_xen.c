/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs tells of Xen; the hypervisor itself answers in tests/vm only. */
#include "helpers.h"

#include "probe/xen/xen.h"
#include "tree.h"

static const struct row {
	const char *name;
	const char *features, *initdomain, *guest_type; /* NULL: the file is not there */
	enum platform platform;
} rows[] = {
	{ "no Xen", NULL, NULL, NULL, PLATFORM_BARE },
	{ "PV, as Xen 4.17 has it", "000228f0\n", NULL, "PV\n", PLATFORM_XEN_DOM0 },
	{ "PV, as Xen 4.20 has it", "001e28e0\n", "1\n", "PV\n", PLATFORM_XEN_DOM0 },
	{ "PVH, as Xen 4.17 has it", "00012b05\n", NULL, "PVH\n", PLATFORM_XEN_DOM0_PVH },
	{ "only that bit", "00000800\n", NULL, NULL, PLATFORM_XEN_DOM0 },
	{ "a domU: all other bits", "fffff7ff\n", "0\n", "PV\n", PLATFORM_BARE },
	{ "the features are asked first", "000220f0\n", "1\n", "PV\n", PLATFORM_BARE },
	{ "start flags, where there are no features", NULL, "1\n", "PV\n", PLATFORM_XEN_DOM0 },
	{ "start flags of a domU", NULL, "0\n", "PVH\n", PLATFORM_BARE },
	{ "nothing", "\n", NULL, NULL, PLATFORM_BARE },
	{ "nonsense", "dom0\n", "yes\n", NULL, PLATFORM_BARE },
	{ "too long", "0000000000000800\n", NULL, NULL, PLATFORM_BARE },
};

static void write_if(const struct tree *tree, const char *path, const char *text)
{
	if (text)
		tree_write(tree, path, text);
}

static void test_platform(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	struct facts facts = { 0 };

	write_if(&tree, "sys/hypervisor/properties/features", row->features);
	write_if(&tree, "sys/hypervisor/start_flags/initdomain", row->initdomain);
	write_if(&tree, "sys/hypervisor/guest_type", row->guest_type);
	xen_find_platform(&tree.root, &facts);
	tree_remove(&tree);
	assert_int_equal(facts.platform, row->platform);
}

/* No way to ask is no answer, and never "on". */
static void test_unknown(void **state)
{
	const struct tree *tree = *state;
	struct facts facts = { .iommu_state = IOMMU_STATE_ON, .interrupt_remapping = true };

	xen_survey_iommu(&tree->root, NULL, &facts);
	assert_int_equal(facts.iommu_kind, IOMMU_KIND_XEN);
	assert_int_equal(facts.iommu_state, IOMMU_STATE_UNKNOWN);
	assert_false(facts.interrupt_remapping);
	assert_findings(&facts.iommu_findings, "iommu-unknown: /dev/xen/privcmd cannot be used: ");
	facts_free(&facts);
}

/* A node that is no privcmd, as a file is none, refuses the hypercall. */
static void test_no_hypercall(void **state)
{
	const struct tree *tree = *state;
	struct facts facts = { 0 };

	tree_write(tree, "dev/xen/privcmd", "");
	xen_survey_iommu(&tree->root, NULL, &facts);
	assert_int_equal(facts.iommu_state, IOMMU_STATE_UNKNOWN);
	assert_findings(&facts.iommu_findings, "iommu-unknown: Xen did not answer");
	facts_free(&facts);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "platform", test_platform, rows);
	suite_add_in_tree(&suite, "no privcmd", test_unknown);
	suite_add_in_tree(&suite, "no hypercall", test_no_hypercall);
	return suite_run(&suite, "xen");
}
