/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include "forms.h"

#define DEFAULTS " driver=auto iommu=require group=listed on-failure=host"
#define GPU      "[device gpu]\nid = 10de:2684\n"
#define NIC      "[device nic]\nclass = 02\n"

static const struct row {
	const char *name;
	const char *conf, *cmdline;
	const char *rules;
	const char *findings;
} rows[] = {
	{ "nothing is nothing", NULL, NULL, "", NULL },
	{ "a rule gets the defaults", GPU, NULL, "gpu: id=10de:2684" DEFAULTS "\n", NULL },
	{ "a rule inherits from [passthru], before it or behind",
	  GPU "[passthru]\ndriver = pci-stub\niommu = warn\ngroup = whole\non-failure = hold\n",
	  NULL, "gpu: id=10de:2684 driver=pci-stub iommu=warn group=whole on-failure=hold\n",
	  NULL },
	{ "what a rule says itself wins",
	  "[passthru]\niommu = warn\ndriver = pci-stub\n" GPU "iommu = require\ndriver = auto\n",
	  NULL, "gpu: id=10de:2684" DEFAULTS "\n", NULL },
	{ "the command line wins over [passthru]", "[passthru]\niommu = require\n" GPU,
	  "passthru.iommu=warn",
	  "gpu: id=10de:2684 driver=auto iommu=warn group=listed on-failure=host\n", NULL },
	{ "the command line does not win over the rule itself", GPU "iommu = require\n",
	  "passthru.iommu=warn", "gpu: id=10de:2684" DEFAULTS "\n", NULL },
	{ "rules of the command line inherit from the file", "[passthru]\non-failure = hold\n",
	  "passthru.device=10de:2684",
	  "cmdline1: id=10de:2684 driver=auto iommu=require group=listed on-failure=hold\n", NULL },
	{ "rules of the command line match first", GPU, "passthru.device=class=02",
	  "cmdline1: class=020000/ff0000" DEFAULTS "\ngpu: id=10de:2684" DEFAULTS "\n", NULL },
	{ "a driver's own option names the driver", "[passthru]\ndriver = vfio-pci\n",
	  "pci-stub.ids=10de:2684",
	  "pci-stub.ids: id=10de:2684 driver=pci-stub iommu=require group=listed on-failure=host\n",
	  NULL },
	{ "skip leaves a rule out", GPU NIC, "passthru.skip=gpu",
	  "nic: class=020000/ff0000" DEFAULTS "\n",
	  "skipped: [device gpu] (conf:1) is skipped by passthru.skip" },
	{ "skip leaves out rules of the command line too", NULL,
	  "passthru.device=1:2 vfio-pci.ids=1:3,1:4 passthru.skip=cmdline1,vfio-pci.ids", "",
	  "skipped: [device cmdline1]\nskipped: [device vfio-pci.ids]\n"
	  "skipped: [device vfio-pci.ids]" },
	{ "skip of an [sriov] rule", "[sriov nic]\nid = 1:2\nvfs = 1\n", "passthru.skip=nic", "",
	  "skipped: [sriov nic] (conf:1) is skipped by passthru.skip" },
	{ "skip of an unknown name only warns", GPU, "passthru.skip=gpo",
	  "gpu: id=10de:2684" DEFAULTS "\n",
	  "bad-option: kernel command line: passthru.skip=gpo: no rule has this name" },
	{ "findings of both, those of files first", "x = 1\n", "vfio-pci.ids=zz", "",
	  "config-error: conf:1: 'x' stands before any section\nbad-option: the kernel command line: vfio-pci.ids: 'zz'\n"
	  "options-in-force: vfio-pci will bind the devices in its own options" },
	{ "a driver's own option matches last", GPU, "pci-stub.ids=10de:2684 passthru.device=1:2",
	  "cmdline1: id=0001:0002" DEFAULTS "\ngpu: id=10de:2684" DEFAULTS
	  "\npci-stub.ids: id=10de:2684 driver=pci-stub iommu=require group=listed on-failure=host\n",
	  NULL },
};

static void test_merge(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *rules = NULL;

	form_want(row->conf, row->cmdline, &want);
	rules = form_rules(want.rules, want.rule_count);
	assert_string_equal(rules, row->rules);
	assert_findings(&want.findings, row->findings);
}

#define USED "credential: credential is part of the configuration"

static const struct credential_row {
	const char *name;
	const char *conf, *credential, *cmdline;
	const char *rules;
	bool has_errors;
	const char *findings;
} credential_rows[] = {
	{ "credentials match before files, behind the command line", NIC, GPU,
	  "passthru.device=1:2",
	  "cmdline1: id=0001:0002" DEFAULTS "\ngpu: id=10de:2684" DEFAULTS
	  "\nnic: class=020000/ff0000" DEFAULTS "\n",
	  false, USED },
	{ "a credential alone", NULL, GPU, NULL, "gpu: id=10de:2684" DEFAULTS "\n", false, USED },
	{ "[passthru] of a credential wins over that of files",
	  "[passthru]\niommu = require\ngroup = whole\n" GPU, "[passthru]\niommu = warn\n", NULL,
	  "gpu: id=10de:2684 driver=auto iommu=warn group=whole on-failure=host\n", false, USED },
	{ "the command line wins over [passthru] of a credential", GPU,
	  "[passthru]\niommu = warn\n", "passthru.iommu=require", "gpu: id=10de:2684" DEFAULTS "\n",
	  false, USED },
	{ "a rule of a credential replaces one of the same name", GPU NIC,
	  "[device gpu]\nid = 1:2\n", NULL,
	  "gpu: id=0001:0002" DEFAULTS "\nnic: class=020000/ff0000" DEFAULTS "\n", false,
	  USED "\nreplaced: [device gpu] (conf:1) is replaced by [device gpu] (credential:1)" },
	{ "and is another kind perhaps", GPU, "[sriov gpu]\nid = 10de:2684\nvfs = 1\n", NULL,
	  "gpu: id=10de:2684 vf=0-0 vfs=1" DEFAULTS "\n", false,
	  USED "\nreplaced: [device gpu] (conf:1) is replaced by [sriov gpu] (credential:1)" },
	{ "skip leaves out both", GPU, GPU, "passthru.skip=gpu", "", false,
	  USED "\nreplaced: [device gpu]\nskipped: [device gpu] (credential:1)" },
	{ "skip knows the names of credentials", NULL, GPU, "passthru.skip=gpu", "", false,
	  USED "\nskipped: [device gpu] (credential:1)" },
	{ "with an error nothing of it counts, the rest does", NIC,
	  "[passthru]\niommu = warn\n" GPU "x = 1\n[device nic]\nid = 1:2\n", "passthru.device=1:3",
	  "cmdline1: id=0001:0003" DEFAULTS "\nnic: class=020000/ff0000" DEFAULTS "\n", false,
	  "credential-error: credential:5: unknown key 'x'" },
	{ "an error of the file is one of all", "x = 1\n", GPU, NULL,
	  "gpu: id=10de:2684" DEFAULTS "\n", true,
	  "config-error: conf:1: 'x' stands before any section\n" USED },
	{ "what cannot be beside others is an error of all", GPU,
	  "[sriov pf]\nid = 10de:2684\nvfs = 1\n", NULL,
	  "pf: id=10de:2684 vf=0-0 vfs=1" DEFAULTS "\ngpu: id=10de:2684" DEFAULTS "\n", true,
	  USED
	  "\nconfig-error: conf:1: [device gpu] matches functions of [sriov pf], at credential:1" },
};

static void test_credential(void **state)
{
	const struct credential_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *rules = NULL;

	form_want_with(row->conf, row->credential, row->cmdline, &want);
	rules = form_rules(want.rules, want.rule_count);
	assert_string_equal(rules, row->rules);
	assert_int_equal(want.has_errors, row->has_errors);
	assert_findings(&want.findings, row->findings);
}

static const struct flag_row {
	const char *name;
	const char *conf, *cmdline;
	bool off, has_errors;
} flag_rows[] = {
	{ "all is well", GPU, NULL, false, false },
	{ "an error in the file", "x\n" GPU, NULL, false, true },
	{ "an error of passthru.*", GPU, "passthru.x=1", false, true },
	{ "a bad native option is none", GPU, "vfio-pci.ids=x", false, false },
	{ "an unknown name to skip is none", GPU, "passthru.skip=x", false, false },
	{ "off", GPU, "passthru=off", true, false },
	{ "off by nonsense", GPU, "passthru=nonsense", true, false },
	{ "off and an error", "x\n" GPU, "rd.passthru=0", true, true },
};

static void test_flags(void **state)
{
	const struct flag_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };

	form_want(row->conf, row->cmdline, &want);
	assert_int_equal(want.off, row->off);
	assert_int_equal(want.has_errors, row->has_errors);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "merge", test_merge, rows);
	suite_add_rows(&suite, "credential", test_credential, credential_rows);
	suite_add_rows(&suite, "flags", test_flags, flag_rows);
	return suite_run(&suite, "want");
}
