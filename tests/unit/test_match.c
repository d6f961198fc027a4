/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include "forms.h"
#include "plan/match.h"
#include "util/memory.h"

/* The device that all rows look at. */
#define HOST "0000:01:00.0 10de:2684 030000 path=pci0000:00/01.0/00.0\n"

static const struct row {
	const char *selector; /* as in passthru.device= */
	enum fit fit;
} rows[] = {
	/* One selector alone */
	{ "address=0000:01:00.0", FIT_ALL },
	{ "address=01:00.*", FIT_ALL },
	{ "address=0000:01:00.1", FIT_NONE },
	{ "path=pci0000:00/01.0/00.0", FIT_ALL },
	{ "path=pci0000:00/01.0", FIT_NONE },
	{ "path=pci0000:00/02.0/00.0", FIT_NONE },
	{ "id=10de:2684", FIT_ALL },
	{ "id=10de:*", FIT_ALL },
	{ "id=*:2684", FIT_ALL },
	{ "id=*:*", FIT_ALL },
	{ "id=10de:2685", FIT_NONE },
	{ "id=10df:2684", FIT_NONE },
	{ "id=10de:2684:0:0", FIT_ALL },
	{ "id=10de:2684:0:1", FIT_NONE },
	{ "id=10de:2684:1:*", FIT_NONE },
	{ "id=10de:2684:*:0", FIT_ALL },
	{ "class=03", FIT_ALL },
	{ "class=0300", FIT_ALL },
	{ "class=030000", FIT_ALL },
	{ "class=030001", FIT_NONE },
	{ "class=0302", FIT_NONE },
	{ "class=02", FIT_NONE },
	/* All that are given must hold */
	{ "address=0000:01:00.0,path=pci0000:00/01.0/00.0,id=10de:2684,class=0300", FIT_ALL },
	{ "id=10de:2684,class=0300", FIT_ALL },
	{ "id=10de:2684,class=0302", FIT_NONE },
	{ "id=10de:2685,class=0300", FIT_NONE },
	/* The place is right, what is there is not */
	{ "address=0000:01:00.0,id=10de:2685", FIT_PLACE_ONLY },
	{ "address=0000:01:00.0,class=02", FIT_PLACE_ONLY },
	{ "address=0000:01:00.0,id=10de:2684,class=02", FIT_PLACE_ONLY },
	{ "path=pci0000:00/01.0/00.0,id=10de:2685", FIT_PLACE_ONLY },
	{ "address=01:00.*,path=pci0000:00/01.0/00.0,id=1:2", FIT_PLACE_ONLY },
	/* Address and path contradict each other */
	{ "address=0000:01:00.0,path=pci0000:00/02.0/00.0", FIT_LOCATION },
	{ "address=0000:02:00.0,path=pci0000:00/01.0/00.0", FIT_LOCATION },
	{ "address=0000:02:00.0,path=pci0000:00/01.0/00.0,id=10de:2684", FIT_LOCATION },
	{ "address=0000:02:00.0,path=pci0000:00/02.0/00.0", FIT_NONE },
	/* Another place is another device, whatever it is */
	{ "address=0000:02:00.0,id=10de:2684", FIT_NONE },
	{ "path=pci0000:00/02.0/00.0,id=10de:2684", FIT_NONE },
};

static void test_fit(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *cmdline = memory_printf("passthru.device=%s", row->selector);
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };

	form_host(HOST, &facts);
	form_want(NULL, cmdline, &want);
	assert_findings(&want.findings, NULL);
	assert_int_equal(selector_fit(&want.rules[0].selector, &facts.devices[0]), row->fit);
	assert_int_equal(match_is_concerned(&facts, &facts.devices[0], &want),
			 row->fit != FIT_NONE);
}

/* A device whose link told no path is at no path. */
static void test_device_without_path(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };

	(void)state;
	form_host("0000:01:00.0 10de:2684 030000\n", &facts);
	form_want(NULL, "passthru.device=path=pci0000:00/01.0/00.0", &want);
	assert_int_equal(selector_fit(&want.rules[0].selector, &facts.devices[0]), FIT_NONE);
}

/* xen-pciback.hide= of a bridge means what is behind it at any depth, and no bridge. */
static const struct hide_row {
	const char *name;
	const char *groups;
	const char *rules; /* of each device of the host below, '-' for none */
} hide_rows[] = {
	{ "a bridge", "(00:1c.0)", "---aaa" },
	{ "a bridge behind it", "(02:00.0)", "----aa" },
	{ "a function", "(03:00.1)", "-----a" },
	{ "all functions of a slot", "(03:00.*)", "----aa" },
	{ "all of a bus", "(02:*.*)", "---aaa" },
	{ "all of a bus of another domain", "(1:02:*.*)", "------" },
	{ "a host bridge", "(00:00.0)", "------" },
};

#define HIDE_HOST                                                                                  \
	"0000:00:00.0 1:1 060000\n0000:00:1c.0 1:1 060400\n"                                       \
	"0000:02:00.0 1:1 060400 behind=0000:00:1c.0\n0000:02:01.0 1:1 0200 behind=0000:00:1c.0\n" \
	"0000:03:00.0 1:1 0200 behind=0000:02:00.0\n0000:03:00.1 1:1 0200 behind=0000:02:00.0\n"

static void test_hide(void **state)
{
	const struct hide_row *row = *state;
	_cleanup_free_ char *cmdline = memory_printf("xen-pciback.hide=%s", row->groups);
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ size_t *rules = NULL;
	char found[7] = "";

	form_host(HIDE_HOST, &facts);
	form_want(NULL, cmdline, &want);
	rules = match_rules(&want, &facts);
	for (size_t i = 0; i < facts.device_count; i++)
		found[i] = rules[i] == RULE_NONE ? '-' : 'a';
	assert_string_equal(found, row->rules);
}

static void test_first_rule_wins(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ size_t *rules = NULL;

	(void)state;
	form_host("0000:01:00.0 10de:2684 030000\n"
		  "0000:01:00.1 10de:22bc 040300\n"
		  "0000:02:00.0 8086:10d3 020000\n",
		  &facts);
	form_want(NULL,
		  "passthru.device=id=1:2 passthru.device=class=0403 passthru.device=id=10de:*",
		  &want);
	rules = match_rules(&want, &facts);
	assert_int_equal(rules[0], 2);
	assert_int_equal(rules[1], 1);
	assert_int_equal(rules[2], RULE_NONE);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "fit", test_fit, rows);
	suite_add(&suite, "fit: a device without a path", test_device_without_path);
	suite_add(&suite, "the first rule that fits wins", test_first_rule_wins);
	suite_add_rows(&suite, "xen-pciback.hide= of", test_hide, hide_rows);
	return suite_run(&suite, "match");
}
