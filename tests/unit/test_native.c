/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stub drivers' own options: how libkmod and the drivers read them, and what was meant instead.
 */
#include "helpers.h"

#include <string.h>

#include "devices.h"
#include "forms.h"
#include "random.h"
#include "util/memory.h"
#include "want/cmdline.h"
#include "want/modprobe.h"

#define FILE       "/etc/modprobe.d/x.conf"
#define VFIO       " driver=vfio-pci\n"
#define A          "vfio-pci.ids: id=10de:2184" VFIO
#define B          "vfio-pci.ids: id=10de:1aeb" VFIO
#define OVERRIDDEN "option-overridden: " FILE ":1: vfio-pci.ids=10de:2184 has no effect: "
#define MEANT      " has no effect: no stub driver has this option; did you mean '"
#define BAD        "bad-option: " FILE ":1: "
#define BAD_OPTION "bad-option: the kernel command line: "
#define APART      " stands apart and has no effect"

static const struct row {
	const char *name;
	const char *modprobe, *cmdline;
	const char *rules;
	const char *findings;
} rows[] = {
	{ "modprobe.d", "options vfio-pci ids=10de:2184,10de:1aeb", "", A B, NULL },
	{ "either spelling", "options vfio_pci ids=10de:2184", "", A, NULL },
	{ "the others",
	  "options pci-stub ids=1:2\noptions xen_pciback hide=(03:02.0)\noptions pciback hide=(03:03.0)",
	  "",
	  "pci-stub.ids: id=0001:0002 driver=pci-stub\n"
	  "xen-pciback.hide: address=0000:03:02.0 driver=xen-pciback\n"
	  "pciback.hide: address=0000:03:03.0 driver=xen-pciback\n",
	  NULL },
	{ "quotes and other parameters", "options vfio-pci disable_vga=1 ids=\"10de:2184\" x", "",
	  A, NULL },
	{ "continued within the list", "options vfio-pci ids=10de:2184,\\\n10de:1aeb", "", A B,
	  NULL },
	{ "DOS", "options vfio-pci ids=10de:2184\r\n", "", A, NULL },
	{ "what is none",
	  "#options vfio-pci ids=1:2\noptions e1000e ids=1:2\nsoftdep a pre: vfio-pci\n"
	  "install vfio-pci /bin/true ids=1:2\noptions snd_hda 10de:2184",
	  "", "", NULL },
	{ "nothing asked for", "options vfio-pci ids=", "vfio-pci.ids=", "", NULL },

	/* The last one given counts. */
	{ "given twice in files", "options vfio-pci ids=10de:2184\noptions vfio-pci ids=10de:1aeb",
	  "", B, OVERRIDDEN "the driver reads only the last one, which is from " FILE ":2" },
	{ "given twice in a line", "options vfio-pci ids=10de:2184 ids=10de:1aeb", "", B,
	  OVERRIDDEN "the driver reads only the last one, which is from " FILE ":1" },
	{ "the command line comes last", "options vfio-pci ids=10de:2184", "vfio_pci.ids=10de:1aeb",
	  B,
	  OVERRIDDEN "the driver reads only the last one, which is from the kernel command line" },
	{ "the command line empties it", "options vfio-pci ids=10de:2184", "vfio-pci.ids=", "",
	  OVERRIDDEN },
	{ "given twice on the command line", "", "vfio-pci.ids=10de:2184 vfio-pci.ids=10de:1aeb", B,
	  "option-overridden: the kernel command line: vfio-pci.ids=10de:2184 has no effect" },
	{ "the same twice", "options vfio-pci ids=10de:2184", "vfio-pci.ids=10de:2184", A, NULL },
	{ "two drivers", "options vfio-pci ids=10de:2184", "pci-stub.ids=1:2",
	  A "pci-stub.ids: id=0001:0002 driver=pci-stub\n", NULL },

	/* A space in the list, or quotes that are none */
	{ "a space in the list", "options vfio-pci ids=10de:2184, 10de:1aeb", "", A,
	  BAD "'10de:1aeb'" APART },
	{ "the same on the command line", "", "vfio-pci.ids=10de:2184, 10de:1aeb", A,
	  BAD_OPTION "'10de:1aeb'" APART },
	{ "a space before it", "", "vfio-pci.ids= 10de:2184", "", BAD_OPTION "'10de:2184'" APART },
	{ "a space between slots", "", "xen-pciback.hide=(03:02.0) (03:03.0)",
	  "xen-pciback.hide: address=0000:03:02.0 driver=xen-pciback\n",
	  BAD_OPTION "'(03:03.0)'" APART },
	{ "a quoted list with a space", "options vfio-pci \"ids=10de:2184 10de:1aeb\"", "", A,
	  BAD "vfio-pci.ids: of '10de:2184 10de:1aeb' the end ' 10de:1aeb' is ignored" },
	{ "typographic quotes",
	  "options vfio-pci ids=\xe2\x80\x9c"
	  "10de:2184\xe2\x80\x9d",
	  "", "",
	  BAD
	  "vfio-pci.ids: '\\xe2\\x80\\x9c10de:2184\\xe2\\x80\\x9d' is skipped: expected vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal; a typographic quotation mark" },
	{ "an address", "", "vfio-pci.ids=0000:01:00.0", "vfio-pci.ids: id=0000:0001:0000:*" VFIO,
	  BAD_OPTION
	  "vfio-pci.ids: of '0000:01:00.0' the end '.0' is ignored, as the driver does; an address is for passthru.device=" },

	/* Nearly an option */
	{ "vfio.ids", "", "vfio.ids=8086:095a", "",
	  BAD_OPTION "'vfio.ids'" MEANT "vfio-pci.ids='?" },
	{ "pci.stub.ids", "", "pci.stub.ids=10de:1aeb", "",
	  BAD_OPTION "'pci.stub.ids'" MEANT "pci-stub.ids='?" },
	{ "vfio-pci.id", "", "vfio-pci.id=10de:2184", "",
	  BAD_OPTION "'vfio-pci.id'" MEANT "vfio-pci.ids='?" },
	{ "vfio_pci_ids", "", "vfio_pci_ids=10de:2184", "",
	  BAD_OPTION "'vfio_pci_ids'" MEANT "vfio-pci.ids='?" },
	{ "vfio-pci,ids", "", "vfio-pci,ids=10de:2184", "",
	  BAD_OPTION "'vfio-pci,ids'" MEANT "vfio-pci.ids='?" },
	{ "vfio-pci.ids:", "", "vfio-pci.ids:10de:2184", "",
	  BAD_OPTION "'vfio-pci.ids:10de:2184'" MEANT "vfio-pci.ids='?" },
	{ "vfio.pci-ids, of two letters", "", "vfoi-pci.ids=x", "",
	  BAD_OPTION "'vfoi-pci.ids'" MEANT "vfio-pci.ids='?" },
	{ "capitals", "", "VFIO-PCI.IDS=10de:2184", "",
	  BAD_OPTION "'VFIO-PCI.IDS'" MEANT "vfio-pci.ids='?" },
	{ "a quote before the name", "", "\xe2\x80\x9cvfio-pci.ids=10de:2184\xe2\x80\x9d", "",
	  BAD_OPTION "'\\xe2\\x80\\x9cvfio-pci.ids'" MEANT "vfio-pci.ids='?" },
	{ "vfio-pci.devices", "", "vfio-pci.devices=10de:2184", "",
	  BAD_OPTION "'vfio-pci.devices'" MEANT "vfio-pci.ids='?" },
	{ "xen-pciback.hidden", "", "xen-pciback.hidden=(03:02.0)", "",
	  BAD_OPTION "'xen-pciback.hidden'" MEANT "xen-pciback.hide='?" },
	{ "pciback.ids", "", "pciback.ids=10de:2184", "",
	  BAD_OPTION "'pciback.ids'" MEANT "xen-pciback.hide='?" },
	{ "options vfio ids=", "options vfio ids=10de:2184", "", "",
	  BAD "'options vfio ids'" MEANT "options vfio-pci ids='?" },
	{ "options vfio-pci id=", "options vfio-pci id=10de:2184", "", "",
	  BAD "'options vfio-pci id'" MEANT "options vfio-pci ids='?" },
	{ "options vfio-pci ids:", "options vfio-pci ids:10de:2184", "", "",
	  BAD "'options vfio-pci ids:10de:2184'" MEANT "options vfio-pci ids='?" },
	{ "options vfio-pci.ids=", "options vfio-pci.ids=10de:2184,10de:1aeb", "", "",
	  BAD "'options vfio-pci.ids'" MEANT "options vfio-pci ids='?" },
	{ "option vfio-pci ids=", "option vfio-pci ids=10de:2184", "", "",
	  BAD "'option' is no command of modprobe.d, so the line has no effect" },
	{ "vfio-pci ids=", "vfio-pci ids=10de:2184", "", "", BAD "'vfio-pci' is no command" },
	{ "no value", "options vfio-pci ids", "", "",
	  BAD "vfio-pci.ids has no value: with that the module of vfio-pci does not load" },
	{ "others' options",
	  "options vfio_iommu_type1 allow_unsafe_interrupts=1\noptions vfio-pci disable_idle_d3=1\n"
	  "options xen-pciback permissive=1 passthrough=1\nblacklist vfio",
	  "vfio-pci.enable_sriov=1 vfio_pci.disable_denylist usbcore.quirks=10de:2184:u "
	  "rd.driver.pre=vfio-pci passthru.device=10de:2184 rd.qubes.hide_pci=03:00.0 pci=noacpi "
	  "modprobe.blacklist=vfio-pci snd.ids=10de:2184 root=UUID=10de:2184 ip=1:2 tty",
	  "cmdline1: id=10de:2184\n", NULL },
};

static void test_options(void **state)
{
	const struct row *row = *state;
	struct natives natives = { 0 }, of_cmdline = { 0 };
	_cleanup_(intent_free) struct intent intent = { 0 };
	_cleanup_free_ char *rules = NULL;

	modprobe_parse(&natives, FILE, row->modprobe);
	cmdline_parse(&intent, &of_cmdline, row->cmdline);
	natives_move(&natives, &of_cmdline);
	natives_finish(&natives, &intent);
	rules = form_rules(intent.rules, intent.rule_count);
	if (strcmp(rules, row->rules) != 0)
		fail_showing(row->rules, rules);
	assert_findings(&intent.findings, row->findings);
}

static void test_too_long(void **state)
{
	_cleanup_free_ char *text = memory_printf("options vfio-pci ids=%01017d,1:2", 0);
	_cleanup_free_ char *longer = memory_printf("options vfio-pci ids=%01020d,1:2", 0);
	_cleanup_(intent_free) struct intent fits = { 0 }, intent = { 0 };
	struct natives natives = { 0 };

	(void)state;
	modprobe_parse(&natives, FILE, text);
	natives_finish(&natives, &fits);
	assert_int_equal(fits.findings.count, 1); /* the zeros */
	modprobe_parse(&natives, FILE, longer);
	natives_finish(&natives, &intent);
	assert_int_equal(intent.findings.count, 2);
	assert_string_equal(intent.findings.items[0].text,
			    FILE ":1: vfio-pci.ids has over 1023 characters: with that the module "
				 "of vfio-pci does not load");
}

/* What is compared to see whether modprobe.d says something else now. */
static void test_text(void **state)
{
	struct natives natives = { 0 };
	_cleanup_free_ char *none = natives_text(&natives), *text = NULL;

	(void)state;
	assert_string_equal(none, "");
	modprobe_parse(&natives, FILE, "options vfio-pci ids=1:2\noptions pci_stub ids=3:4");
	modprobe_parse(&natives, FILE, "options vfio_pci disable_vga=1 ids=5:6 id=7:8");
	text = natives_text(&natives);
	natives_free(&natives);
	assert_string_equal(text, "pci-stub.ids=3:4\nvfio-pci.ids=5:6\n");
}

struct plan_row {
	const char *name;
	const char *conf, *modprobe, *cmdline;
	const char *host;
	const char *plan;
	const char *text; /* in a finding of the first decision */
};

#define CARD "0000:01:00.0 10de:2184:1458:3fc5 0300 group=1\n"

static const struct plan_row plan_rows[] = {
	{ "an option is a rule", NULL, "options vfio-pci ids=8086:10d3", "", CARD NIC,
	  "vfio-pci.ids 0000:02:00.0: take vfio-pci\n", NULL },
	{ "guards know it", NULL, "options vfio-pci ids=8086:10d3", "",
	  "need network pci0000:00/02.0 8086:10d3:0000:0000 020000 it\n" NIC,
	  "vfio-pci.ids 0000:02:00.0: leave to the host vfio-pci guard-network\n", NULL },
	{ "what a rule has is that rule's, and no more is said",
	  "[device a]\nid = 8086:10d3\n"
	  "driver = pci-stub\n",
	  "options vfio-pci ids=8086:10d3", "", NIC, "a 0000:02:00.0: take pci-stub\n", NULL },
	{ "the same entry twice", NULL, "options vfio-pci ids=8086:10d3,8086:10d3", "", NIC,
	  "vfio-pci.ids 0000:02:00.0: take vfio-pci\n", NULL },
	{ "a group that modprobe.d completes", "[device a]\nid = 10de:2184\n",
	  "options vfio-pci ids=10de:1aeb", "", CARD "0000:01:00.1 10de:1aeb 0403 group=1\n",
	  "a 0000:01:00.0: take vfio-pci\nvfio-pci.ids 0000:01:00.1: take vfio-pci\n", NULL },
	{ "absent: the entry is named", NULL, "options vfio-pci ids=8086:10d3,1002:aaf0", "", NIC,
	  "vfio-pci.ids 0000:02:00.0: take vfio-pci\nvfio-pci.ids -: absent vfio-pci absent\n",
	  NULL },
	{ "absent: on the command line", NULL, NULL, "vfio-pci.ids=1002:aaf0", NIC,
	  "vfio-pci.ids -: absent vfio-pci absent\n",
	  "no device matches '1002:aaf0' of vfio-pci.ids, from the kernel command line" },
	{ "absent: ':' in the place of a comma", NULL, NULL, "vfio-pci.ids=10de:2184:10de:1aeb",
	  CARD, "vfio-pci.ids -: absent vfio-pci absent\n",
	  "no device matches '10de:2184:10de:1aeb' of vfio-pci.ids, from the kernel command line; 10de:2184 is at 0000:01:00.0, but with subsystem 1458:3fc5" },
	{ "absent: a group of slots", NULL, "options xen-pciback hide=(03:02.0)(02:00.0)", "",
	  "xen\n" NIC,
	  "xen-pciback.hide -: absent pciback of xen-pciback absent\nxen-pciback.hide 0000:02:00.0: take pciback of xen-pciback\n",
	  "no device matches '(03:02.0)' of xen-pciback.hide, from /etc/modprobe.d/x.conf:1" },
	{ "a physical function keeps its driver", "[sriov nic]\nid = 8086:10d3\nvfs = 2\n",
	  "options vfio-pci ids=8086:10d3", "",
	  "0000:02:00.0 8086:10d3 0200 group=2 can=4 driver=igb\n",
	  "nic 0000:02:00.0: divide igb planned\n", NULL },
};

static void test_plan(void **state)
{
	const struct plan_row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_free_ char *form = NULL;

	form_want_of(row->conf, row->modprobe, row->cmdline, &want);
	assert_findings(&want.findings, NULL);
	form_host(row->host, &facts);
	plan_make(&want, &facts, &plan);
	form = form_plan(&plan);
	if (strcmp(form, row->plan) != 0)
		fail_showing(row->plan, form);
	if (row->text && !strstr(plan.decisions[0].findings.items[0].text, row->text))
		fail_showing(row->text, plan.decisions[0].findings.items[0].text);
}

static void test_flags(void **state)
{
	_cleanup_(want_free) struct want want = { 0 }, off = { 0 }, bad = { 0 };

	(void)state;
	form_want_of(NULL, "options pci-stub ids=1:2", "passthru.skip=pci-stub.ids", &want);
	assert_int_equal(want.rule_count, 0);
	assert_true(want_has_natives(&want));
	for (size_t i = 0; stub_at(i); i++)
		assert_int_equal(want_has_native(&want, i),
				 strcmp(stub_at(i)->name, "pci-stub") == 0);
	form_want_of(NULL, NULL, "passthru=off vfio-pci.ids=1:2", &off);
	assert_findings(
		&off.findings,
		"options-in-force: vfio-pci will bind the devices in its own options, without guards, "
		"when it is loaded: passthru is switched off");
	form_want_of(NULL, "options vfio-pci ids=1:2", "passthru.iommu=x", &bad);
	assert_true(bad.has_errors);
	assert_int_equal(bad.findings.items[1].code, FINDING_OPTIONS_IN_FORCE);
}

static const char *const pieces[] = {
	"options ", "vfio-pci ", "vfio-pci.", "pciback.",     "ids",       "hide", "=",  ":",
	",",        "(",         ")",         "10de:2184",    "(03:02.0)", "\"",   "\\", "\\\n",
	"\n",       " ",         "#",         "\xe2\x80\x9c", "\xff",      "--",
};

/* Nothing hangs or runs out of its memory, and what is said is plain. */
static void test_random(void **state)
{
	struct random random = { 11 };
	char text[512];

	(void)state;
	for (int i = 0; i < 3000; i++) {
		_cleanup_(want_free) struct want want = { 0 };
		size_t length = 0;

		for (unsigned count = random_below(&random, 40); count; count--) {
			const char *piece = pieces[random_below(&random, ARRAY_SIZE(pieces))];

			if (length + strlen(piece) + 1 > sizeof(text))
				break;
			length = (size_t)(stpcpy(text + length, piece) - text);
		}
		text[length] = '\0';
		form_want_of(NULL, text, text, &want);
		assert_false(want.has_errors);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "options", test_options, rows);
	suite_add(&suite, "a value that is too long", test_too_long);
	suite_add(&suite, "what counts, as text", test_text);
	suite_add_rows(&suite, "plan", test_plan, plan_rows);
	suite_add(&suite, "skipped, off, errors", test_flags);
	suite_add(&suite, "random texts", test_random);
	return suite_run(&suite, "native");
}
