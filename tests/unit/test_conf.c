/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "forms.h"
#include "util/memory.h"
#include "want/conf.h"

#define DEVICE "[device gpu]\n" /* a section to put a key in */
#define SRIOV  "[sriov nic]\n"
#define ID     "id = 10de:2684\n" /* what makes it complete */

static void assert_intent(const struct intent *intent, const char *options, const char *rules)
{
	_cleanup_free_ char *options_form = form_options(&intent->options);
	_cleanup_free_ char *rules_form = form_rules(intent->rules, intent->rule_count);

	assert_string_equal(options_form, options ? options : "");
	assert_string_equal(rules_form, rules ? rules : "");
}

static const struct good_row {
	const char *name;
	const char *text;
	const char *options; /* of [passthru] */
	const char *rules;
} good_rows[] = {
	{ "nothing at all", "", NULL, NULL },
	{ "comments and blank lines only", "# one\n\n  ; two\n \t\n#[device x]\n", NULL, NULL },
	{ "an empty [passthru]", "[passthru]\n", NULL, NULL },
	{ "every key of [passthru]",
	  "[passthru]\ndriver = vfio-pci\niommu = warn\ngroup = whole\non-failure = hold\n"
	  "root-grace = 90\ntrial = confirm\ntrial-tries = 3\nconfirm-within = 30\n",
	  "driver=vfio-pci iommu=warn group=whole on-failure=hold root-grace=90 trial=confirm "
	  "trial-tries=3 confirm-within=30",
	  NULL },
	{ "no trial", "[passthru]\ntrial = no\n", "trial=no", NULL },
	{ "a trial by a good boot", "[passthru]\ntrial = boot\ntrial-tries = 9\n",
	  "trial=boot trial-tries=9", NULL },
	{ "a second to confirm in", "[passthru]\nconfirm-within = 1s\n", "confirm-within=1", NULL },
	{ "seconds to confirm in", "[passthru]\nconfirm-within = 86400 s\n", "confirm-within=86400",
	  NULL },
	{ "minutes to confirm in", "[passthru]\nconfirm-within = 10 min\n", "confirm-within=600",
	  NULL },
	{ "a day of minutes to confirm in", "[passthru]\nconfirm-within = 1440min\n",
	  "confirm-within=86400", NULL },
	{ "the defaults, spelt out",
	  "[passthru]\ndriver = auto\niommu = require\ngroup = listed\non-failure = host\n",
	  "driver=auto iommu=require group=listed on-failure=host", NULL },
	{ "every key of [device]",
	  "[device gpu]\naddress = 0000:01:00.*\npath = pci0000:00/01.0/00.0\nid = 10de:2684\n"
	  "class = 0300\ncount = 2\ndriver = pci-stub\niommu = warn\ngroup = refuse\n"
	  "on-failure = hold\n",
	  NULL,
	  "gpu: address=0000:01:00.* path=pci0000:00/01.0/00.0 id=10de:2684 class=030000/ffff00 "
	  "count=2 driver=pci-stub iommu=warn group=refuse on-failure=hold\n" },
	{ "every setting",
	  DEVICE "id = 10de:2684\nreset-method = flr, bus\nd3cold = no\npower-control = on\n"
		 "rebar = 1:16G\nowner = qemu:kvm\nmode = 0660\n",
	  NULL,
	  "gpu: id=10de:2684 reset-method=flr bus d3cold=no power-control=on rebar=1:16G mode=0660 "
	  "owner=qemu:kvm\n" },
	{ "what may be taken", DEVICE "id = 10de:2684\nallow = storage, network,console\n", NULL,
	  "gpu: id=10de:2684 allow=7\n" },
	{ "what may be taken, with blanks", DEVICE "id = 10de:2684\nallow = console  storage\n",
	  NULL, "gpu: id=10de:2684 allow=5\n" },
	{ "virtual functions, all of them", SRIOV ID "vfs = 4\n", NULL,
	  "nic: id=10de:2684 vf=0-3 vfs=4\n" },
	{ "virtual functions, with every key",
	  SRIOV "address = 0000:03:00.0\npath = pci0000:00/01.0/00.0\nid = 8086:1572\nvfs = 7\n"
		"vf = 0-3, 6\ncount = 1\ndriver = vfio-pci\niommu = warn\ngroup = whole\n"
		"on-failure = hold\nhotplug = no\npermissive = no\nallow = network\n",
	  NULL,
	  "nic: address=0000:03:00.0 path=pci0000:00/01.0/00.0 id=8086:1572 vf=0-3 vf=6-6 count=1 "
	  "vfs=7 allow=2 driver=vfio-pci iommu=warn group=whole on-failure=hold hotplug=no\n" },
	{ "as many as can be numbered", SRIOV ID "vfs = 65535\n", NULL,
	  "nic: id=10de:2684 vf=0-65534 vfs=65535\n" },
	{ "one virtual function as a device", DEVICE "address = 0000:03:00.0\nvf = 2\n", NULL,
	  "gpu: address=0000:03:00.0 vf=2-2\n" },
	{ "nothing that comes later", "[passthru]\nhotplug = no\n", "hotplug=no", NULL },
	{ "rules in their order", "[device b]\nid = 1:1\n[device a]\nid = 2:2\n", NULL,
	  "b: id=0001:0001\na: id=0002:0002\n" },
	{ "no last newline", DEVICE "id = 10de:2684", NULL, "gpu: id=10de:2684\n" },
	{ "a section without last newline", "[passthru]", NULL, NULL },
	{ "CRLF", "[device gpu]\r\nid = 10de:2684\r\n\r\n", NULL, "gpu: id=10de:2684\n" },
	{ "a byte order mark", "\xef\xbb\xbf[device gpu]\nid = 10de:2684\n", NULL,
	  "gpu: id=10de:2684\n" },
	{ "no blanks", "[device gpu]\nid=10de:2684\n", NULL, "gpu: id=10de:2684\n" },
	{ "blanks everywhere", "  [device \t gpu]  \n \t id\t = \t10de:2684 \t\n", NULL,
	  "gpu: id=10de:2684\n" },
	{ "indented lines are keys, no continuation", DEVICE "  id = 10de:2684\n\tcount = 1\n",
	  NULL, "gpu: id=10de:2684 count=1\n" },
	{ "comments behind values", DEVICE "id = 10de:2684 # the card\nclass = 0300 ; VGA\n", NULL,
	  "gpu: id=10de:2684 class=030000/ffff00\n" },
	{ "a comment behind a header", "[device gpu] # the card\n" ID, NULL,
	  "gpu: id=10de:2684\n" },
	{ "the longest name",
	  "[device 0123456789012345678901234567890123456789012345678901234567890._-]\n" ID, NULL,
	  "0123456789012345678901234567890123456789012345678901234567890._-: id=10de:2684\n" },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };

	conf_parse(&intent, "c", row->text, strlen(row->text));
	assert_findings(&intent.findings, NULL);
	assert_intent(&intent, row->options, row->rules);
	assert_false(intent.off);
}

#define E "config-error: c:"

static const struct bad_row {
	const char *name;
	const char *text;
	const char *findings;
} bad_rows[] = {
	{ "a slot of one digit", DEVICE "address = 0000:82:0.0\n",
	  E "2: address = 0000:82:0.0: expected [domain:]bus:slot.function" },
	{ "two colons", DEVICE "address = 0b::00.1\n", E "2: address = 0b::00.1: expected" },
	{ "a dot for a colon", DEVICE "address = 0000:82.0.0\n",
	  E "2: address = 0000:82.0.0: expected" },
	{ "a bad id", DEVICE "id = 10de\n", E "2: id = 10de: expected vendor:device" },
	{ "a bad class", DEVICE "class = 300\n", E "2: class = 300: expected 2, 4 or 6" },
	{ "a bad path", DEVICE "path = 0000:01:00.0\n",
	  E "2: path = 0000:01:00.0: expected a host bridge" },
	{ "a bad count", DEVICE ID "count = 0\n", E "3: count = 0: expected a number from 1" },
	{ "a count over all bounds", DEVICE ID "count = 65537\n", E "3: count = 65537: expected" },
	{ "a bad root-grace", "[passthru]\nroot-grace = 15s\n",
	  E "2: root-grace = 15s: expected seconds from 0 to 3600; with 0 no device is returned" },
	{ "a root-grace over all bounds", "[passthru]\nroot-grace = 3601\n",
	  E "2: root-grace = 3601: expected" },
	{ "root-grace for one device", DEVICE ID "root-grace = 15\n",
	  E "3: unknown key 'root-grace'" },
	{ "a bad trial", "[passthru]\ntrial = yes\n",
	  E "2: trial = yes: expected boot, confirm or no" },
	{ "an empty trial", "[passthru]\ntrial =\n", E "2: trial = : expected" },
	{ "trial for one device", DEVICE ID "trial = boot\n", E "3: unknown key 'trial'" },
	{ "trial twice", "[passthru]\ntrial = no\ntrial = no\n", E "3: 'trial' is given twice" },
	{ "no tries", "[passthru]\ntrial-tries = 0\n",
	  E "2: trial-tries = 0: expected a number from 1 to 9" },
	{ "too many tries", "[passthru]\ntrial-tries = 10\n", E "2: trial-tries = 10: expected" },
	{ "trial-tries for one device", DEVICE ID "trial-tries = 1\n",
	  E "3: unknown key 'trial-tries'" },
	{ "no time to confirm in", "[passthru]\nconfirm-within = 0\n",
	  E "2: confirm-within = 0: expected seconds from 1 to 86400, or minutes" },
	{ "no minutes to confirm in", "[passthru]\nconfirm-within = 0 min\n",
	  E "2: confirm-within = 0 min: expected" },
	{ "more than a day to confirm in", "[passthru]\nconfirm-within = 86401\n",
	  E "2: confirm-within = 86401: expected" },
	{ "more than a day of minutes to confirm in", "[passthru]\nconfirm-within = 1441 min\n",
	  E "2: confirm-within = 1441 min: expected" },
	{ "minutes over all bounds", "[passthru]\nconfirm-within = 71582789 min\n",
	  E "2: confirm-within = 71582789 min: expected" },
	{ "hours to confirm in", "[passthru]\nconfirm-within = 25 h\n",
	  E "2: confirm-within = 25 h: expected" },
	{ "a time without a number", "[passthru]\nconfirm-within = min\n",
	  E "2: confirm-within = min: expected" },
	{ "two times to confirm in", "[passthru]\nconfirm-within = 10 min 5 s\n",
	  E "2: confirm-within = 10 min 5 s: expected" },
	{ "a fraction of a minute", "[passthru]\nconfirm-within = 1.5 min\n",
	  E "2: confirm-within = 1.5 min: expected" },
	{ "confirm-within for one device", DEVICE ID "confirm-within = 1\n",
	  E "3: unknown key 'confirm-within'" },
	{ "allow for all devices", "[passthru]\nallow = storage\n", E "2: unknown key 'allow'" },
	{ "a bad allow", DEVICE ID "allow = storage, disk\n",
	  E "3: allow = storage, disk: expected storage" },
	{ "an empty allow", DEVICE ID "allow = ,\n", E "3: allow = ,: expected storage" },
	{ "allow twice", DEVICE ID "allow = storage\nallow = network\n",
	  E "4: 'allow' is given twice" },
	{ "virtual functions of nothing", SRIOV "vfs = 4\n", E "1: [sriov nic] selects nothing" },
	{ "no number of them", SRIOV ID "vf = 0\n",
	  E "1: [sriov nic] does not say how many: give it vfs = N" },
	{ "none of them", SRIOV ID "vfs = 0\n",
	  E "3: vfs = 0: expected a number from 1 to 65535\n" E "1: [sriov nic] does not say" },
	{ "too many of them", SRIOV ID "vfs = 65536\n",
	  E "3: vfs = 65536: expected\n" E "1: [sriov nic] does not say" },
	{ "a bad setting", DEVICE ID "rebar = 1:3G\n", E "3: rebar = 1:3G: expected BAR:SIZE" },
	{ "a setting twice", DEVICE ID "d3cold = no\nd3cold = no\n",
	  E "4: 'd3cold' is given twice" },
	{ "a setting of no section", "[passthru]\nmode = 0660\n", E "2: unknown key 'mode'" },
	{ "twice", SRIOV ID "vfs = 4\nvfs = 4\n", E "4: 'vfs' is given twice" },
	{ "numbers twice", SRIOV ID "vfs = 4\nvf = 1\nvf = 2\n", E "5: 'vf' is given twice" },
	{ "bad numbers", SRIOV ID "vfs = 4\nvf = 0-2,1\n", E "4: vf = 0-2,1: expected numbers" },
	{ "one that will not be there", SRIOV ID "vfs = 4\nvf = 0,4\n",
	  E "1: [sriov nic] takes vf = 4, but of vfs = 4 the last is 3" },
	{ "virtual functions made by [device]", "\n" DEVICE ID "vfs = 4\n",
	  E "2: [device gpu] makes no virtual functions: vfs is for [sriov NAME]" },
	{ "a number of a function of nothing", DEVICE "vf = 1\n",
	  E "1: [device gpu] selects nothing" },
	{ "one name for both kinds", DEVICE ID "[sriov gpu]\nid = 1:2\nvfs = 1\n",
	  E "3: [device gpu] is there already, at c:1" },
	{ "a bad hotplug", DEVICE ID "hotplug = maybe\n",
	  E "3: hotplug = maybe: expected yes or no" },
	{ "an unknown driver", DEVICE ID "driver = nouveau\n",
	  E "3: driver = nouveau: expected auto, vfio-pci, xen-pciback or pci-stub" },
	{ "a bad iommu", DEVICE ID "iommu = off\n", E "3: iommu = off: expected require or warn" },
	{ "a bad group", DEVICE ID "group = all\n",
	  E "3: group = all: expected listed, whole or refuse" },
	{ "a bad on-failure", DEVICE ID "on-failure = panic\n",
	  E "3: on-failure = panic: expected host or hold" },
	{ "words in capitals", DEVICE ID "iommu = Warn\n", E "3: iommu = Warn: expected" },
	{ "no value", DEVICE "id =\n", E "2: id = : expected" },
	{ "an unknown key", DEVICE ID "adress = 0000:01:00.0\n", E "3: unknown key 'adress'" },
	{ "an unknown key of [passthru]", "[passthru]\nfoo = bar\n", E "2: unknown key 'foo'" },
	{ "a selector in [passthru]", "[passthru]\nid = 10de:2684\n", E "2: unknown key 'id'" },
	{ "a key in capitals", DEVICE ID "Class = 0300\n", E "3: unknown key 'Class'" },
	{ "no key", DEVICE ID "= 0300\n", E "3: " },
	{ "no equals sign", DEVICE ID "class 0300\n", E "3: expected KEY = VALUE" },
	{ "no equals sign in the last line", DEVICE ID "class", E "3: expected KEY = VALUE" },
	{ "no equals sign in an indented line", DEVICE ID "  0000:01:00.0\n", E "3: " },
	{ "a key before any section", "id = 10de:2684\n", E "1: 'id' stands before any section" },
	{ "an unknown section", "[devices gpu]\nid = 10de:2684\n",
	  E "1: unknown section [devices]" },
	{ "an empty section", "[]\n", E "1: unknown section []" },
	{ "a device without a name", "[device]\nid = 10de:2684\n", E "1: bad name ''" },
	{ "a device with a bad name", "[device g/u]\nid = 10de:2684\n", E "1: bad name 'g/u'" },
	{ "a device with two names", "[device g u]\nid = 10de:2684\n", E "1: bad name 'g u'" },
	{ "a name too long",
	  "[device 0123456789012345678901234567890123456789012345678901234567890._-x]\n",
	  E "1: bad name '" },
	{ "[passthru] with a name", "[passthru x]\n", E "1: unknown section [passthru]" },
	{ "a section not closed", "[device gpu\nid = 10de:2684\n", E "1: a section is written" },
	{ "a section not closed, with lists",
	  "[sriov nic\nmac = 52:54:00:00:00:01-52:54:00:00:00:05\nmatch-platform = bare\n",
	  E "1: a section is written" },
	{ "something behind a section", "[device gpu] id = 10de:2684\n",
	  E "1: a section is written" },
	{ "a rule that selects nothing", "\n[device gpu]\ncount = 1\n",
	  E "2: [device gpu] selects nothing" },
	{ "an empty rule before another", DEVICE "[device b]\n" ID, E "1: [device gpu] selects" },
	{ "an empty rule at the end", "[passthru]\n[device gpu]", E "2: [device gpu] selects" },
	{ "a name that is there already", DEVICE ID "[device gpu]\nid = 1:2\n",
	  E "3: [device gpu] is there already, at c:1" },
	{ "a key twice", DEVICE "id = 1:2\nid = 1:2\n", E "3: 'id' is given twice" },
	{ "an option twice", "[passthru]\niommu = warn\niommu = warn\n",
	  E "3: 'iommu' is given twice" },
	{ "an option twice, in two sections",
	  "[passthru]\ndriver = auto\n[passthru]\ndriver = auto\n",
	  E "4: 'driver' is given twice" },
	{ "keys of a section that is no kind",
	  "[devices gpu]\nid = 10de\nid = 1:2\nfrob = 1\nroot-grace = 1m\n",
	  E "1: unknown section [devices]\n" E "2: id = 10de: expected vendor\n" E
	    "3: 'id' is given twice\n" E "4: unknown key 'frob'\n" E "5: root-grace = 1m" },
	{ "keys of a section without a name", "[device]\ndriver = nouveau\n",
	  E "1: bad name ''\n" E "2: driver = nouveau: expected" },
	{ "keys of a repeated section",
	  DEVICE ID "[device gpu]\nid = 1:2\npath = 1\n[device nic]\nclass = 2\n",
	  E "3: [device gpu] is there already\n" E "5: path = 1: expected\n" E
	    "7: class = 2: expected\n" },
	{ "two repeated sections set a key each",
	  DEVICE ID "[device gpu]\nid = 1:2\n[device gpu]\nid = 1:2\n",
	  E "3: [device gpu] is there already\n" E "5: [device gpu] is there already\n" },
	{ "each of several errors",
	  "x = 1\n[passthru]\niommu = no\n[frob]\nx = 1\n[device a]\naddress = 0000:82:0.0\n"
	  "address = 0b::00.1\n[device a]\n",
	  E "1: 'x' stands\n" E "3: iommu = no\n" E "4: unknown section [frob]\n" E
	    "5: unknown key 'x'\n" E "7: address = 0000:82:0.0\n" E
	    "8: 'address' is given twice\n" E "9: [device a] is there already" },
	{ "CRLF does not move line numbers", "\r\n\r\nx = 1\r\n", E "3: 'x' stands" },
	{ "foreign text, escaped", DEVICE ID "\033[2J = 1\n", E "3: unknown key '\\x1b[2J'" },
	{ "UTF-16", "\xff\xfe[\n", E "1: expected KEY = VALUE" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	_cleanup_(intent_free) struct intent intent = { 0 };

	conf_parse(&intent, "c", row->text, strlen(row->text));
	assert_findings(&intent.findings, row->findings);
}

/* What is good around an error is still understood, so that later errors make sense. */
static void test_goes_on_behind_errors(void **state)
{
	static const char text[] = DEVICE "frob = 1\n" ID "[nonsense]\n[device nic]\nclass = 02\n";
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	conf_parse(&intent, "c", text, strlen(text));
	assert_findings(&intent.findings, E "2: unknown key\n" E "4: unknown section");
	assert_intent(&intent, NULL, "gpu: id=10de:2684\nnic: class=020000/ff0000\n");
}

static void test_names_the_origin(void **state)
{
	static const char text[] = "\n\n" DEVICE ID;
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	conf_parse(&intent, "/etc/passthru.conf", text, strlen(text));
	assert_string_equal(intent.rules[0].origin, "/etc/passthru.conf:3");
}

static void test_several_files(void **state)
{
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	conf_parse(&intent, "a", DEVICE ID, strlen(DEVICE ID));
	conf_parse(&intent, "b", "x = 1\n" DEVICE ID, strlen("x = 1\n" DEVICE ID));
	conf_parse(&intent, "c", "[device nic]\nclass = 02", strlen("[device nic]\nclass = 02"));
	assert_findings(&intent.findings,
			"config-error: b:1: 'x' stands before any section\n"
			"config-error: b:2: [device gpu] is there already, at a:1");
	assert_intent(&intent, NULL, "gpu: id=10de:2684\nnic: class=020000/ff0000\n");
}

/* A file of a comment of LENGTH bytes, then an error in line 2. */
static void assert_long_line(size_t length, const char *findings)
{
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *line = memory_new(length + 1, 1);
	_cleanup_free_ char *text = NULL;

	memset(line, '#', length);
	text = memory_printf("%s\nx = 1\n", line);
	conf_parse(&intent, "c", text, strlen(text));
	assert_findings(&intent.findings, findings);
}

static void test_longest_line(void **state)
{
	(void)state;
	assert_long_line(4096, E "2: 'x' stands");
}

static void test_line_too_long(void **state)
{
	(void)state;
	assert_long_line(4097, E "1: line over 4096 bytes\n" E "2: 'x' stands");
}

/* A line within the limit that the library below cannot take must not become something else. */
static void test_long_value(void **state)
{
	_cleanup_(intent_free) struct intent intent = { 0 };
	char value[4000] = { 0 };
	_cleanup_free_ char *text = NULL;

	(void)state;
	memset(value, '1', sizeof(value) - 1);
	text = memory_printf(DEVICE "id = %s\n" ID, value);
	conf_parse(&intent, "c", text, strlen(text));
	assert_findings(&intent.findings, E "2: ");
	assert_intent(&intent, NULL, "gpu: id=10de:2684\n");
}

static void test_nul(void **state)
{
	static const char text[] = "[device g\0pu]\nx = 1\n\0\n" DEVICE "id = 10de:2684\0\n" ID;
	_cleanup_(intent_free) struct intent intent = { 0 };

	(void)state;
	conf_parse(&intent, "c", text, sizeof(text) - 1);
	assert_findings(&intent.findings,
			E "1: NUL byte\n" E "2: 'x' stands\n" E "3: NUL byte\n" E "5: NUL byte");
	assert_intent(&intent, NULL, "gpu: id=10de:2684\n");
}

/* SIZE bytes of comment lines, and nothing else. */
static void assert_size(size_t size, const char *findings)
{
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *text = memory_new(size, 1);

	memset(text, '#', size);
	for (size_t i = 63; i < size; i += 64)
		text[i] = '\n';
	conf_parse(&intent, "c", text, size);
	assert_findings(&intent.findings, findings);
}

static void test_largest_file(void **state)
{
	(void)state;
	assert_size(1024 * 1024, NULL);
}

static void test_file_too_large(void **state)
{
	(void)state;
	assert_size(1024 * 1024 + 1, E "1: file over 1048576 bytes");
}

/* A file of garbage costs a bounded number of findings, and the last says so. */
static void test_error_cap(void **state)
{
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *text = memory_new(100000, 1);
	_cleanup_free_ char *last = NULL;

	(void)state;
	for (size_t i = 0; i < 100000; i += 2)
		memcpy(text + i, "x\n", 2);
	conf_parse(&intent, "c", text, 100000);
	assert_in_range(intent.findings.count, 10, 1000);
	last = memory_printf("c:%zu: too many errors, the rest is not read",
			     intent.findings.count - 1);
	assert_string_equal(intent.findings.items[0].text, "c:1: expected KEY = VALUE");
	assert_string_equal(intent.findings.items[intent.findings.count - 1].text, last);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "error", test_bad, bad_rows);
	suite_add(&suite, "parsing goes on behind errors", test_goes_on_behind_errors);
	suite_add(&suite, "a rule knows where it is from", test_names_the_origin);
	suite_add(&suite, "several files are one configuration", test_several_files);
	suite_add(&suite, "line of 4096 bytes", test_longest_line);
	suite_add(&suite, "line of 4097 bytes", test_line_too_long);
	suite_add(&suite, "value longer than inih's buffer", test_long_value);
	suite_add(&suite, "NUL bytes", test_nul);
	suite_add(&suite, "file of 1 MiB", test_largest_file);
	suite_add(&suite, "file over 1 MiB", test_file_too_large);
	suite_add(&suite, "cap on errors", test_error_cap);
	return suite_run(&suite, "conf");
}
