/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Conditions of rules: how they are written, what is read for them, and how they are judged. */
#include "helpers.h"

#include <string.h>

#include "facts/machine.h"
#include "forms.h"
#include "host.h"
#include "plan/condition.h"
#include "plan/plan.h"
#include "probe/machine.h"
#include "probe/scan.h"
#include "tree.h"
#include "util/buffer.h"
#include "util/glob.h"
#include "util/memory.h"

/* --- patterns */

static const struct glob_row {
	const char *pattern, *text;
	bool matches;
} globs[] = {
	{ "", "", true },
	{ "", "a", false },
	{ "a", "", false },
	{ "*", "", true },
	{ "?", "", false },
	{ "Dell*", "Dell Inc.", true },
	{ "dell*", "Dell Inc.", false },
	{ "Dell?Inc.", "Dell Inc.", true },
	{ "*R7?0", "PowerEdge R740", true },
	{ "*R7?0", "PowerEdge R7400", false },
	{ "a*b*c", "a-b-b-c", true },
	{ "a*b*c", "a-c-b", false },
	{ "a**", "a", true },
	{ "[ab]", "a", false }, /* brackets are characters */
};

static void test_glob(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(globs); i++) {
		if (glob_matches(globs[i].pattern, globs[i].text) != globs[i].matches)
			fail_msg("'%s' and '%s'", globs[i].pattern, globs[i].text);
	}
}

/* A pattern that has many ways to go wrong takes a moment, not the age of the universe. */
static void test_glob_is_not_exponential(void **state)
{
	_cleanup_(buffer_free) struct buffer pattern = { 0 };
	_cleanup_(buffer_free) struct buffer text = { 0 };

	(void)state;
	for (unsigned i = 0; i < 200; i++) {
		buffer_add(&pattern, "*a");
		buffer_add(&text, "aaaaa");
	}
	buffer_add(&pattern, "b");
	assert_false(glob_matches(pattern.text, text.text));
}

/* --- rules that are for this machine, or not */

#define DEVICES                                           \
	"@ sys/devices/pci0000:00/0000:00:02.0\nuevent\n" \
	"| PCI_CLASS=20000\n| PCI_ID=8086:10D3\n"         \
	"@ sys/devices/pci0000:00/0000:00:03.0\nuevent\n" \
	"| PCI_CLASS=30000\n| PCI_ID=10DE:2684\n"
#define NO_LINK                                        \
	"@ sys/bus/pci/devices/0000:00:09.0\nuevent\n" \
	"| PCI_CLASS=20000\n| PCI_ID=8086:10D3\n"
#define DMI        "@ sys/class/dmi/id\nmodalias = (there)\n"
#define LENOVO     DMI "sys_vendor = LENOVO\nproduct_name = 30E0CTO1WW   \n"
#define DELL       DMI "sys_vendor = Dell Inc.\nproduct_name = PowerEdge R740\n"
#define LOOP       "@ sys/class/dmi/id\nmodalias = (there)\nsys_vendor -> sys/class/dmi/id/sys_vendor\n"
#define TREE       "@ sys/firmware/devicetree/base\ncompatible\n"
#define RASPBERRY  TREE ": 000000 72 70 69 2c 34 00 62 63 6d 00\n" /* rpi,4 bcm */
#define CPU(alias) "@ sys/devices/system/cpu\nmodalias = cpu:type:" alias "\n"
#define DOM0       "@ sys/hypervisor/properties\nfeatures = 00000800\n"
#define ARCH(word) "@ proc/sys/kernel\narch = " word "\n"

#define NOT "not for this machine: match-"

static const struct row {
	const char *name;
	const char *host;     /* besides DEVICES */
	const char *cmdline;  /* NULL: "ro" */
	const char *keys;     /* of [device a] */
	const char *expected; /* "counts", "not for this machine: WHY", "unknown: WHY" */
} rows[] = {
	{ "no condition", "", NULL, "", "counts" },

	{ "vendor", LENOVO, NULL, "match-firmware = sys_vendor:LENOVO\n", "counts" },
	{ "another vendor", DELL, NULL, "match-firmware = sys_vendor:LENOVO\n",
	  NOT "firmware = sys_vendor:LENOVO, but it is 'Dell Inc.'" },
	{ "a pattern", DELL, NULL, "match-firmware = product_name:PowerEdge?R7*\n", "counts" },
	{ "spaces at the end are not the firmware's", LENOVO, NULL,
	  "match-firmware = product_name:30E0CTO1WW\n", "counts" },
	{ "one of two vendors", DELL, NULL,
	  "match-firmware = sys_vendor:LENOVO, sys_vendor:Dell*\n", "counts" },
	{ "none of two vendors", DELL, NULL, "match-firmware = sys_vendor:LENOVO+sys_vendor:HPE\n",
	  NOT "firmware = sys_vendor:LENOVO sys_vendor:HPE, but it is 'Dell Inc.'" },
	{ "vendor and product", LENOVO, NULL,
	  "match-firmware = sys_vendor:LENOVO product_name:30E*\n", "counts" },
	{ "the vendor, but another product", LENOVO, NULL,
	  "match-firmware = sys_vendor:LENOVO product_name:20*\n",
	  NOT "firmware = product_name:20*, but it is '30E0CTO1WW'" },
	{ "not this vendor", DELL, NULL, "match-firmware = !sys_vendor:LENOVO\n", "counts" },
	{ "but it is", LENOVO, NULL, "match-firmware = !sys_vendor:LENOVO\n",
	  NOT "firmware = !sys_vendor:LENOVO, but it is 'LENOVO'" },
	{ "a vendor's products but one", LENOVO, NULL,
	  "match-firmware = sys_vendor:LENOVO !product_name:30E*\n",
	  NOT "firmware = !product_name:30E*, but it is '30E0CTO1WW'" },
	{ "a field that the firmware does not set", LENOVO, NULL, "match-firmware = board_name:*\n",
	  NOT "firmware = board_name:*, but it has no board_name" },
	{ "and must not be", LENOVO, NULL, "match-firmware = !board_name:X\n", "counts" },
	{ "a machine without SMBIOS", "", NULL, "match-firmware = sys_vendor:X\n",
	  NOT "firmware = sys_vendor:X, but it has no sys_vendor" },
	{ "a field that cannot be read", LOOP, NULL, "match-firmware = sys_vendor:X\n",
	  "unknown: match-firmware = sys_vendor:X: could not read /sys/class/dmi/id/sys_vendor: " },
	{ "nor does it not match", LOOP, NULL, "match-firmware = !sys_vendor:X\n",
	  "unknown: match-firmware = !sys_vendor:X: could not read /sys/class/dmi/id/sys_vendor: " },
	{ "unknown, but another condition fails", LOOP, NULL,
	  "match-firmware = sys_vendor:X\nmatch-platform = xen-dom0\n",
	  NOT "platform = xen-dom0, but it is 'bare'" },
	{ "a dump of a host that did not record the field",
	  "@ sys/class/dmi/id\nsys_vendor = LENOVO\n", NULL, "match-firmware = board_name:X\n",
	  "unknown: match-firmware = board_name:X: could not read /sys/class/dmi/id/board_name: No" },
	{ "a device tree", RASPBERRY, NULL, "match-firmware = compatible:bcm\n", "counts" },
	{ "the first string of it, with its comma as ?", RASPBERRY, NULL,
	  "match-firmware = compatible:rpi?4\n", "counts" },
	{ "another device tree", RASPBERRY, NULL, "match-firmware = compatible:lx2160\n",
	  NOT "firmware = compatible:lx2160" },
	{ "no device tree", LENOVO, NULL, "match-firmware = compatible:bcm\n",
	  NOT "firmware = compatible:bcm, but it has no compatible" },
	{ "a device tree that says nothing", "@ sys/firmware/devicetree/base\n", NULL,
	  "match-firmware = !compatible:bcm\n",
	  "unknown: match-firmware = !compatible:bcm: could not read /sys/firmware/devicetree/base/" },

	{ "a word", "", "ro gpu", "match-kernel-command-line = gpu\n", "counts" },
	{ "a word that is not there", "", "ro gpus", "match-kernel-command-line = gpu\n",
	  NOT "kernel-command-line = gpu" },
	{ "with any value", "", "site=fra", "match-kernel-command-line = site\n", "counts" },
	{ "with one", "", "site=fra", "match-kernel-command-line = site=fra\n", "counts" },
	{ "with a pattern", "", "site=\"fra 1\"", "match-kernel-command-line = site=fra?*\n",
	  "counts" },
	{ "with another", "", "site=fra", "match-kernel-command-line = site=ber site=muc\n",
	  NOT "kernel-command-line = site=ber site=muc" },
	{ "two parameters, of which one is there", "", "site=fra",
	  "match-kernel-command-line = site=fra gpu\n", NOT "kernel-command-line = gpu" },
	{ "dashes and underscores", "", "a_b-c=1", "match-kernel-command-line = a-b_c=1\n",
	  "counts" },
	{ "not a word", "", "ro rescue", "match-kernel-command-line = !rescue\n",
	  NOT "kernel-command-line = !rescue" },
	{ "what is for init is not the kernel's", "", "ro -- gpu",
	  "match-kernel-command-line = gpu\n", NOT "kernel-command-line = gpu" },

	{ "architecture", ARCH("x86_64"), NULL, "match-architecture = arm64 x86-64\n", "counts" },
	{ "another", ARCH("aarch64"), NULL, "match-architecture = x86-64\n",
	  NOT "architecture = x86-64, but it is 'arm64'" },
	{ "one that has no word", ARCH("vax"), NULL, "match-architecture = !x86-64\n", "counts" },
	{ "of a host that did not record it", "", NULL, "match-architecture = x86-64\n",
	  "unknown: match-architecture = x86-64: could not read /proc/sys/kernel/arch: No such" },

	{ "a virtual machine", CPU("x86,ven0000:feature:,0000,009F,00C0"), NULL,
	  "match-virtualization = yes\n", "counts" },
	{ "its bit is the last", CPU("x86,ven0000:feature:,0000,009F"), NULL,
	  "match-virtualization = yes\n", "counts" },
	{ "none", CPU("x86,ven0000:feature:,0000,009E,009F0"), NULL, "match-virtualization = yes\n",
	  NOT "virtualization = yes, but it is 'no'" },
	{ "a dom0 is none", DOM0 CPU("x86,ven0000:feature:,009F"), NULL,
	  "match-virtualization = no\n", "counts" },
	{ "a device tree of a hypervisor",
	  CPU("aarch64:feature:,0000") TREE "@ sys/firmware/devicetree/base/hypervisor\n", NULL,
	  "match-virtualization = yes\n", "counts" },
	{ "an architecture that does not tell", CPU("aarch64:feature:,0000"), NULL,
	  "match-virtualization = no\n",
	  "unknown: match-virtualization = no: the kernel does not tell that" },
	{ "no modalias", "", NULL, "match-virtualization = no\n",
	  "unknown: match-virtualization = no: could not read /sys/devices/system/cpu/modalias: " },

	{ "bare", "", NULL, "match-platform = bare\n", "counts" },
	{ "a dom0", DOM0, NULL, "match-platform = xen-dom0\n", "counts" },
	{ "not a dom0", DOM0, NULL, "match-platform = !xen-dom0\n",
	  NOT "platform = !xen-dom0, but it is 'xen-dom0'" },
	{ "a platform that cannot be read",
	  "@ sys/hypervisor/properties\nfeatures -> sys/hypervisor/properties/features\n", NULL,
	  "match-platform = bare\n",
	  "unknown: match-platform = bare: could not read /sys/hypervisor/properties/features: " },

	{ "a device by id", "", NULL, "match-device = 10de:2684\n", "counts" },
	{ "by address", "", NULL, "match-device = 00:03.0\n", "counts" },
	{ "by path", "", NULL, "match-device = pci0000:00/03.0\n", "counts" },
	{ "one of two devices", "", NULL, "match-device = 10de:1111 10de:2684\n", "counts" },
	{ "a device that is not there", "", NULL, "match-device = 8086:1572\n",
	  NOT "device = 8086:1572" },
	{ "a device that must not be there", "", NULL, "match-device = !10de:*\n",
	  NOT "device = !10de:*" },
	{ "a device that could not be read",
	  "@ sys/bus/pci/devices\n0000:00:09.0 -> sys/bus/pci/devices/0000:00:09.0\n", NULL,
	  "match-device = 8086:1572\n",
	  "unknown: match-device = 8086:1572: a device, or its path, could not be read" },
	{ "by a path, which is not known of a device", NO_LINK, NULL,
	  "match-device = pci0000:00/09.0\n",
	  "unknown: match-device = pci0000:00/09.0: a device, or its path, could not be read" },
	{ "by another thing than its path", NO_LINK, NULL, "match-device = 00:08.0\n",
	  NOT "device = 00:08.0" },
};

static void judge(const struct tree *tree, const struct row *row, struct want *want,
		  struct facts *facts)
{
	_cleanup_free_ char *conf = memory_printf("[device a]\nid = 8086:10d3\n%s", row->keys);
	_cleanup_free_ char *host = memory_printf(DEVICES "%s", row->host);
	const char *cmdline = row->cmdline ? row->cmdline : "ro";

	host_lay_out(tree, host);
	form_want(conf, NULL, want);
	assert_findings(&want->findings, NULL);
	assert_int_equal(scan_host(&tree->root, facts), 0);
	machine_survey(&tree->root, want_traits(want), cmdline, facts);
	conditions_judge(want, facts);
}

static void test_row(void **state)
{
	static const char *const words[] = {
		[STANDING_COUNTS] = "counts",
		[STANDING_SET_ASIDE] = "not for this machine: ",
		[STANDING_UNKNOWN] = "unknown: ",
	};
	const struct row *row = *state;
	struct tree tree = tree_make();
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ char *actual = NULL;
	const struct rule *rule;

	judge(&tree, row, &want, &facts);
	tree_remove(&tree);
	rule = want.rules;
	actual = memory_printf("%s%s", words[rule->standing],
			       rule->standing_why ? rule->standing_why : "");
	if (rule->standing == STANDING_UNKNOWN && strlen(actual) > strlen(row->expected))
		actual[strlen(row->expected)] = '\0'; /* the rest is an errno's */
	if (strcmp(actual, row->expected) != 0)
		fail_showing(row->expected, actual);
	/* Again, as after session_forget(): it does not go by what was found before. */
	conditions_judge(&want, &facts);
	assert_int_equal(rule->standing, want.rules[0].standing);
}

/* What no rule asks for is not read. */
static void test_reads_only_what_is_asked(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	tree_write(tree, "sys/class/dmi/id/sys_vendor", "LENOVO\n");
	machine_survey(&tree->root, 1u << TRAIT_CMDLINE, "ro", &facts);
	for (unsigned i = 0; i < TRAIT_COUNT; i++)
		assert_int_equal(facts.machine.traits[i].state,
				 i == TRAIT_CMDLINE ? TRAIT_KNOWN : TRAIT_UNASKED);
}

/* --- errors and warnings of the configuration */

#define E "config-error: conf:3: match-"

static const struct conf_row {
	const char *name, *key, *findings;
} conf_rows[] = {
	{ "no field", "match-firmware = LENOVO\n", E "firmware = LENOVO: expected FIELD:PATTERN" },
	{ "no such field", "match-firmware = vendor:LENOVO\n",
	  E "firmware = vendor:LENOVO: expected FIELD:PATTERN" },
	{ "no pattern", "match-firmware = sys_vendor:\n", E "firmware = sys_vendor:: expected" },
	{ "nothing", "match-firmware = ,\n", E "firmware = ,: expected" },
	{ "nothing, behind another condition", "match-platform = bare\nmatch-firmware = ,\n",
	  "config-error: conf:4: match-firmware = ,: expected FIELD:PATTERN" },
	{ "only a !", "match-platform = !\n", E "platform = !: expected bare or xen-dom0" },
	{ "a pattern for a name", "match-kernel-command-line = si*=a\n",
	  E "kernel-command-line = si*=a: expected NAME" },
	{ "no name", "match-kernel-command-line = =a\n", E "kernel-command-line = =a: expected" },
	{ "a misspelt architecture", "match-architecture = x86_64\n",
	  E "architecture = x86_64: expected x86-64, arm64 or another word" },
	{ "a product of virtualization", "match-virtualization = kvm\n",
	  E "virtualization = kvm: expected yes or no" },
	{ "another platform", "match-platform = xen\n", E "platform = xen: expected bare or" },
	{ "a device by name", "match-device = eth0\n", E "device = eth0: expected an address" },
	{ "a host name", "match-host = node1\n",
	  E
	  "host = node1: expected match-firmware or match-kernel-command-line instead: an initramfs" },
	{ "a machine ID", "match-machine-id = 0123\n",
	  E "machine-id = 0123: expected match-firmware (product_uuid, product_serial) instead" },
	{ "twice", "match-platform = bare\nmatch-platform = bare\n",
	  "config-error: conf:4: 'match-platform' is given twice" },
	{ "for no machine", "match-platform = bare !bare\n",
	  "condition-never: conf:1: [device a] is for no machine: the words of match-platform" },
	{ "no word is left", "match-virtualization = !yes !no\n", "condition-never: conf:1:" },
	{ "a pattern excludes it", "match-firmware = sys_vendor:LENOVO !sys_vendor:L*\n",
	  "condition-never: conf:1: [device a] is for no machine: the words of match-firmware" },
	{ "another is left", "match-firmware = sys_vendor:LENOVO sys_vendor:HP !sys_vendor:L*\n",
	  NULL },
	{ "what is excluded is less", "match-firmware = sys_vendor:L* !sys_vendor:LENOVO\n", NULL },
	{ "with any value, but with none", "match-kernel-command-line = a=1 !a\n",
	  "condition-never: conf:1:" },
	{ "one value less", "match-kernel-command-line = a !a=1\n", NULL },
	{ "another field", "match-firmware = sys_vendor:A !board_vendor:A\n", NULL },
	{ "another device", "match-device = 1:2 !1:*\n", NULL },
};

static void test_conf(void **state)
{
	const struct conf_row *row = *state;
	_cleanup_free_ char *conf = memory_printf("[device a]\nid = 1:2\n%s", row->key);
	_cleanup_(want_free) struct want want = { 0 };

	form_want(conf, NULL, &want);
	assert_findings(&want.findings, row->findings);
}

static void test_too_many(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(buffer_free) struct buffer cmdline = { 0 };

	(void)state;
	buffer_add(&cmdline, "passthru.device=1:2,match-kernel-command-line=a");
	for (unsigned i = 1; i < CONDITIONS_MAX; i++)
		buffer_add(&cmdline, "+a");
	form_want(NULL, cmdline.text, &want);
	assert_findings(&want.findings, NULL);
	assert_int_equal(want.rules[0].conditions.count, CONDITIONS_MAX);
	want_free(&want);
	buffer_add(&cmdline, "+a");
	form_want(NULL, cmdline.text, &want);
	assert_true(want.has_errors);
}

/* --- what becomes of the devices */

#define HOST "0000:02:00.0 8086:10d3 020000 group=15\n"
#define TWO                                                       \
	"[device a]\nid = 8086:10d3\nmatch-platform = xen-dom0\n" \
	"[device b]\nid = 8086:10d3\ndriver = pci-stub\n"

static const struct plan_row {
	const char *name;
	const char *platform; /* NULL: the machine was not asked, so it is unknown */
	const char *plan, *findings;
} plan_rows[] = {
	{ "a rule that is set aside leaves its devices to others", "bare",
	  "b 0000:02:00.0: take pci-stub\n",
	  "condition-not-met: [device a] (conf:1) is not for this machine: match-" },
	/* A later rule does not get what may be the earlier one's. */
	{ "an unknown condition takes nothing", NULL,
	  "a 0000:02:00.0: leave to the host vfio-pci condition-unknown\n"
	  "b -: absent pci-stub absent\n",
	  NULL },
};

static void test_plan(void **state)
{
	const struct plan_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(findings_free) struct findings findings = { 0 };
	_cleanup_free_ char *form = NULL;

	form_host(HOST, &facts);
	form_want(TWO, NULL, &want);
	if (row->platform)
		machine_set(&facts.machine, TRAIT_PLATFORM, row->platform);
	conditions_judge(&want, &facts);
	plan_make(&want, &facts, &plan);
	form = form_plan(&plan);
	assert_string_equal(form, row->plan);
	conditions_tell(&want, &findings);
	assert_findings(&findings, row->findings);
}

/* Rules for different machines may select the same; for the same machines that is an error. */
static void test_overlap(void **state)
{
#define BOTH                                                          \
	"[sriov a]\nid = 8086:10c9\nvfs = 2\nmatch-platform = bare\n" \
	"[device b]\nid = 8086:10c9\nmatch-platform = "
	_cleanup_(want_free) struct want want = { 0 };

	(void)state;
	form_want(BOTH "xen-dom0\n", NULL, &want);
	assert_findings(&want.findings, NULL);
	want_free(&want);
	form_want(BOTH "bare\n", NULL, &want);
	assert_findings(&want.findings, "config-error: conf:5: [device b] matches functions of");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "patterns", test_glob);
	suite_add(&suite, "a pattern with many stars", test_glob_is_not_exponential);
	suite_add_rows(&suite, "judged", test_row, rows);
	suite_add_in_tree(&suite, "only what is asked for is read", test_reads_only_what_is_asked);
	suite_add_rows(&suite, "configuration", test_conf, conf_rows);
	suite_add(&suite, "the number of words has an end", test_too_many);
	suite_add_rows(&suite, "plan", test_plan, plan_rows);
	suite_add(&suite, "rules for different machines do not overlap", test_overlap);
	return suite_run(&suite, "condition");
}
