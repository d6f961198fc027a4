/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "util/memory.h"
#include "want/cmdline.h"

#define NATIVE_GPU "vfio-pci.ids: id=10de:2684 driver=vfio-pci\n"
#define GPU        "cmdline1: address=0000:01:00.0\n"

/* With the drivers' own options, as want_merge() puts them behind the rest. */
static void parse(struct intent *intent, const char *text)
{
	struct natives natives = { 0 };

	cmdline_parse(intent, &natives, text);
	natives_finish(&natives, intent);
}

static const struct good_row {
	const char *text;
	const char *rules;
	const char *options;
} good_rows[] = {
	{ "", NULL, NULL },
	{ " \t\n", NULL, NULL },
	{ "BOOT_IMAGE=/vmlinuz root=/dev/vda ro quiet", NULL, NULL },
	{ "passthru=on", NULL, NULL },
	/* passthru.device= */
	{ "passthru.device=0000:01:00.0", GPU, NULL },
	{ "passthru.device=01:00.*", "cmdline1: address=0000:01:00.*\n", NULL },
	{ "passthru.device=10de:2684", "cmdline1: id=10de:2684\n", NULL },
	{ "passthru.device=10de:*", "cmdline1: id=10de:*\n", NULL },
	{ "passthru.device=address=0000:01:00.0,id=10de:2684",
	  "cmdline1: address=0000:01:00.0 id=10de:2684\n", NULL },
	{ "passthru.device=0000:01:00.0,id=10de:2684,driver=pci-stub,on-failure=hold",
	  "cmdline1: address=0000:01:00.0 id=10de:2684 driver=pci-stub on-failure=hold\n", NULL },
	{ "passthru.device=0000:01:00.0,on_failure=hold",
	  "cmdline1: address=0000:01:00.0 on-failure=hold\n", NULL },
	{ "passthru.device=class=0300,count=2,path=pci0000:00/01.0,iommu=warn,group=whole",
	  "cmdline1: path=pci0000:00/01.0 class=030000/ffff00 count=2 iommu=warn group=whole\n",
	  NULL },
	{ "passthru.device=0000:01:00.0 quiet passthru.device=class=0c0330",
	  GPU "cmdline2: class=0c0330/ffffff\n", NULL },
	{ "passthru.device=0000:01:00.0,allow=storage+console",
	  "cmdline1: address=0000:01:00.0 allow=5\n", NULL },
	{ "passthru.sriov=0000:03:00.0,vfs=4", "cmdline1: address=0000:03:00.0 vf=0-3 vfs=4\n",
	  NULL },
	{ "passthru.device=0000:01:00.0 passthru.sriov=8086:1572,vfs=8,vf=0-3+6,driver=pci-stub",
	  GPU "cmdline2: id=8086:1572 vf=0-3 vf=6-6 vfs=8 driver=pci-stub\n", NULL },
	{ "passthru.device=0000:03:00.0,vf=1", "cmdline1: address=0000:03:00.0 vf=1-1\n", NULL },
	/* passthru.KEY= */
	{ "passthru.hotplug=no", NULL, "hotplug=no" },
	{ "passthru.root_grace=0", NULL, "root-grace=0" },
	/* GRUB's word on a trial is no key; whether there is one, the image says. */
	{ "passthru.trial=trying:x passthru.trial=confirm", NULL, NULL },
	{ "passthru.iommu=warn passthru.driver=vfio-pci passthru.group=whole", NULL,
	  "driver=vfio-pci iommu=warn group=whole" },
	{ "passthru.on-failure=hold", NULL, "on-failure=hold" },
	{ "passthru.on_failure=hold", NULL, "on-failure=hold" },
	/* The stub drivers' own options, in both spellings. */
	{ "vfio-pci.ids=10de:2684", NATIVE_GPU, NULL },
	{ "vfio_pci.ids=10de:2684", NATIVE_GPU, NULL },
	{ "pci-stub.ids=10de:2684", "pci-stub.ids: id=10de:2684 driver=pci-stub\n", NULL },
	{ "pci_stub.ids=10de:2684", "pci-stub.ids: id=10de:2684 driver=pci-stub\n", NULL },
	{ "vfio-pci.ids=10de:2684,8086:10d3:1af4:1100",
	  NATIVE_GPU "vfio-pci.ids: id=8086:10d3:1af4:1100 driver=vfio-pci\n", NULL },
	{ "vfio-pci.ids=,10de:2684,", NATIVE_GPU, NULL },
	{ "vfio-pci.ids= vfio_pci.ids=10de:2684", NATIVE_GPU, NULL },
	{ "vfio-pci.ids=", NULL, NULL },
	{ "vfio-pci.disable_vga=1 pci.ids=1:2 usb-storage.quirks=1234:5678:u", NULL, NULL },
	/* Quotes and blanks, linux/lib/cmdline.c next_arg() */
	{ "passthru.device=\"0000:01:00.0\"", GPU, NULL },
	{ "\"passthru.device=0000:01:00.0\"", GPU, NULL },
	{ "dyndbg=\"file a passthru.device=1:2\" passthru.device=0000:01:00.0", GPU, NULL },
	{ "a=\"b passthru.device=1:2", NULL, NULL },
	{ "passthru.device=\"0000:01:00.0", GPU, NULL },
	{ "\n\tpassthru.device=0000:01:00.0\v\fquiet\n", GPU, NULL },
	{ "a=\"b\"passthru.device=1:2 passthru.device=0000:01:00.0", GPU, NULL },
	/* What is behind -- is init's. */
	{ "passthru.device=0000:01:00.0 -- passthru.device=1:2 passthru=off", GPU, NULL },
	{ "--x passthru.device=0000:01:00.0", GPU, NULL },
	{ "--= passthru.device=0000:01:00.0", GPU, NULL },
	{ "passthru.device=0000:01:00.0\n", GPU, NULL },
	/* Others' options that look like ours */
	{ "xpassthru.device=1:2 passthrux=off rd.passthru.device=1:2 passthru_device=1:2", NULL,
	  NULL },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *rules = NULL, *options = NULL;

	parse(&intent, row->text);
	rules = form_rules(intent.rules, intent.rule_count);
	options = form_options(&intent.options);
	assert_findings(&intent.findings, NULL);
	assert_string_equal(rules, row->rules ? row->rules : "");
	assert_string_equal(options, row->options ? row->options : "");
	assert_false(intent.off);
}

#define DEVICE "config-error: kernel command line: passthru.device="

static const struct bad_row {
	const char *text;
	const char *findings;
	const char *rules; /* of native options: what counts all the same */
} bad_rows[] = {
	{ "passthru.device=0000:82:0.0", DEVICE "0000:82:0.0: address=0000:82:0.0: expected",
	  NULL },
	{ "passthru.device=0b::00.1", DEVICE "0b::00.1: address=0b::00.1: expected", NULL },
	{ "passthru.device=10de", DEVICE "10de: id=10de: expected", NULL },
	{ "passthru.device=0000:01:00.0,10de:2684",
	  DEVICE "0000:01:00.0,10de:2684: 10de:2684: expected KEY=VALUE", NULL },
	{ "passthru.device=1:2,frob=1", DEVICE "1:2,frob=1: frob: unknown key", NULL },
	{ "passthru.device=1:2,id=1:2", DEVICE "1:2,id=1:2: id: given twice", NULL },
	{ "passthru.device=1:2,iommu=no", DEVICE "1:2,iommu=no: iommu=no: expected require or warn",
	  NULL },
	{ "passthru.device=count=1", DEVICE "count=1 selects nothing", NULL },
	{ "passthru.device=1:2,", DEVICE "1:2,: : expected KEY=VALUE", NULL },
	{ "passthru.device=1:2,x=1,y=2",
	  DEVICE "1:2,x=1,y=2: x: unknown key\n" DEVICE "1:2,x=1,y=2: y: unknown key", NULL },
	{ "passthru.sriov=1:2",
	  "config-error: kernel command line: passthru.sriov=1:2 does not say how", NULL },
	{ "passthru.sriov=vfs=1",
	  "config-error: kernel command line: passthru.sriov=vfs=1 selects nothing", NULL },
	{ "passthru.sriov=1:2,vfs=2,vf=0,1",
	  "config-error: kernel command line: passthru.sriov=1:2,vfs=2,vf=0,1: 1: expected KEY=VALUE",
	  NULL },
	{ "passthru.device=1:2,vfs=2", DEVICE "1:2,vfs=2 makes no virtual functions", NULL },
	{ "passthru.iommu=no",
	  "config-error: kernel command line: passthru.iommu=no: expected require or", NULL },
	{ "passthru.iommu", "config-error: kernel command line: passthru.iommu=: expected", NULL },
	{ "passthru.frob=1", "config-error: kernel command line: unknown option passthru.frob",
	  NULL },
	{ "passthru.=1", "config-error: kernel command line: unknown option passthru.", NULL },
	{ "passthru.id=1:2", "config-error: kernel command line: unknown option passthru.id",
	  NULL },
	{ "passthru.group=whole passthru.group=listed",
	  "config-error: kernel command line: passthru.group is given twice", NULL },
	{ "passthru.frob=\033[2J",
	  "config-error: kernel command line: unknown option passthru.frob", NULL },
	{ "passthru.\033=1", "config-error: kernel command line: unknown option passthru.\\x1b",
	  NULL },
	/* A bad native entry is skipped, the others count, and nothing else is wrong. */
	{ "vfio-pci.ids=10de:2684,frob,1:2",
	  "bad-option: the kernel command line: vfio-pci.ids: 'frob' is",
	  NATIVE_GPU "vfio-pci.ids: id=0001:0002 driver=vfio-pci\n" },
	{ "vfio_pci.ids=10de,10de:2684",
	  "bad-option: the kernel command line: vfio-pci.ids: '10de' is", NATIVE_GPU },
	{ "vfio_pci.ids=10de:2684:x",
	  "bad-option: the kernel command line: vfio-pci.ids: of '10de:2684:x' the end 'x' is ignored",
	  NATIVE_GPU },
	{ "vfio-pci.ids=1:2 vfio_pci.ids=10de:2684",
	  "option-overridden: the kernel command line: vfio-pci.ids=1:2 has no effect: the driver reads only the last one, which is from the kernel command line",
	  NATIVE_GPU },
	{ "vfio-pci.ids",
	  "bad-option: the kernel command line: vfio-pci.ids has no value: with that the module of vfio-pci does not",
	  "" },
	{ "vfio-pci.ids=:10de:2684",
	  "bad-option: the kernel command line: vfio-pci.ids: ':10de:2684' is", "" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *rules = NULL;

	parse(&intent, row->text);
	assert_findings(&intent.findings, row->findings);
	rules = form_rules(intent.rules, intent.rule_count);
	if (row->rules)
		assert_string_equal(rules, row->rules);
}

/* passthru.device= without any value must be an error, whichever. */
static void test_device_without_value(void **state)
{
	static const char *const texts[] = { "passthru.device", "passthru.device=" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_(intent_free) struct intent intent = { 0 };

		parse(&intent, texts[i]);
		assert_int_equal(findings_severity(&intent.findings), SEVERITY_ERROR);
	}
}

static const struct switch_row {
	const char *text;
	bool off;
	const char *findings;
} switch_rows[] = {
	{ "passthru=off", true, NULL },
	{ "passthru=0", true, NULL },
	{ "passthru=n", true, NULL },
	{ "passthru=no", true, NULL },
	{ "passthru=false", true, NULL },
	{ "rd.passthru=0", true, NULL },
	{ "rd.passthru=off", true, NULL },
	{ "rd.passthru=no", true, NULL },
	{ "passthru=\"off\"", true, NULL },
	{ "\"passthru=off\"", true, NULL },
	{ "passthru.device=1:2 passthru=off", true, NULL },
	{ "passthru=off passthru=on", true, NULL },
	{ "passthru=on rd.passthru=0", true, NULL },
	{ "passthru=on", false, NULL },
	{ "passthru=1", false, NULL },
	{ "passthru=y", false, NULL },
	{ "passthru=yes", false, NULL },
	{ "passthru=true", false, NULL },
	{ "rd.passthru=1", false, NULL },
	{ "passthru", false, NULL },
	{ "rd.passthru", false, NULL },
	{ "-- passthru=off", false, NULL },
	/* Who is not understood wants it off. */
	{ "passthru=OFF", true,
	  "bad-option: kernel command line: passthru=OFF is neither on nor off" },
	{ "passthru=", true, "bad-option: kernel command line: passthru= is neither" },
	{ "passthru=of", true, "bad-option: kernel command line: passthru=of is neither" },
	{ "passthru=disable", true,
	  "bad-option: kernel command line: passthru=disable is neither" },
	{ "rd.passthru=2", true, "bad-option: kernel command line: rd.passthru=2 is neither" },
};

static void test_switch(void **state)
{
	const struct switch_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };

	parse(&intent, row->text);
	assert_int_equal(intent.off, row->off);
	assert_findings(&intent.findings, row->findings);
}

static const struct skip_row {
	const char *text;
	const char *names;
} skip_rows[] = {
	{ "passthru.skip=gpu", "gpu " },
	{ "passthru.skip=gpu,nic,vfio-pci.ids", "gpu nic vfio-pci.ids " },
	{ "passthru.skip=gpu passthru.skip=nic", "gpu nic " },
	{ "passthru.skip=,gpu,", "gpu " },
	{ "passthru.skip=", "" },
	{ "passthru.skip", "" },
};

static void test_skip(void **state)
{
	const struct skip_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };
	char names[100] = "";

	parse(&intent, row->text);
	for (size_t i = 0; i < intent.skip_count; i++)
		sprintf(names + strlen(names), "%s ", intent.skip[i]);
	assert_string_equal(names, row->names);
	assert_findings(&intent.findings, NULL);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "error", test_bad, bad_rows);
	suite_add(&suite, "error: passthru.device without value", test_device_without_value);
	suite_add_rows(&suite, "switch", test_switch, switch_rows);
	suite_add_rows(&suite, "skip", test_skip, skip_rows);
	return suite_run(&suite, "cmdline");
}
