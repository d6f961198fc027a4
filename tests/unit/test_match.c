/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdlib.h>

#include "forms.h"
#include "plan/match.h"
#include "plan/plan.h"
#include "random.h"
#include "util/buffer.h"
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
	_cleanup_(matcher_free) struct matcher matcher = { 0 };

	form_host(HOST, &facts);
	form_want(NULL, cmdline, &want);
	assert_findings(&want.findings, NULL);
	assert_int_equal(selector_fit(&want.rules[0].selector, &facts.devices[0]), row->fit);
	matcher_make(&want, &matcher);
	assert_int_equal(match_is_concerned(&facts, &facts.devices[0], &matcher),
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

/* What is looked up is what a comparison of each rule with each device gives. */
static bool keeps_driver(const struct want *want, const struct pci_device *device)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		if (want->rules[r].kind == RULE_SRIOV &&
		    match_fit_physical(&want->rules[r].selector, device) == FIT_ALL)
			return true;
	}
	return false;
}

static size_t first_by_comparing(const struct want *want, const struct facts *facts, size_t d)
{
	const struct pci_device *device = &facts->devices[d];

	for (size_t r = 0; r < want->rule_count; r++) {
		if (match_fit(&want->rules[r].selector, facts, device) == FIT_ALL &&
		    !(want->rules[r].entry && keeps_driver(want, device)))
			return r;
	}
	return RULE_NONE;
}

static bool concerns_by_comparing(const struct want *want, const struct facts *facts, size_t d)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];

		if (match_fit(&rule->selector, facts, &facts->devices[d]) != FIT_NONE ||
		    (rule->kind == RULE_SRIOV &&
		     match_fit_physical(&rule->selector, &facts->devices[d]) != FIT_NONE))
			return true;
	}
	return false;
}

#define LOOKUP_HOST                                                                  \
	HIDE_HOST "0000:05:00.0 8086:1 0200 path=pci0000:00/02.0/00.0 can=4 has=2\n" \
		  "0000:05:00.1 8086:2 0200 vf=0 of=0000:05:00.0\n"                  \
		  "0000:05:00.2 8086:2 0200 vf=1 of=0000:05:00.0\n"                  \
		  "0000:06:00.0 8086:3 0108 path=pci0000:00/03.0/00.0\n"             \
		  "10000:06:00.0 8086:3 0108\n"

/* Each part of a selector, right and wrong for some device of the host. */
static const char *const parts[] = {
	"address=05:00.0",
	"address=06:00.*",
	"address=03:00.1",
	"path=pci0000:00/02.0/00.0",
	"path=pci0000:00/03.0/00.0",
	"id=8086:1",
	"id=8086:3",
	"id=8086:*",
	"id=*:2",
	"class=02",
	"class=0108",
	"vf=1",
	"vf=0-3",
};

static void assert_looked_up(const struct want *want, const struct facts *facts)
{
	_cleanup_free_ size_t *rules = match_rules(want, facts);
	_cleanup_(matcher_free) struct matcher matcher = { 0 };

	matcher_make(want, &matcher);
	for (size_t d = 0; d < facts->device_count; d++) {
		assert_int_equal(rules[d], first_by_comparing(want, facts, d));
		assert_int_equal(match_is_concerned(facts, &facts->devices[d], &matcher),
				 concerns_by_comparing(want, facts, d));
	}
}

/* Up to three rules of up to three parts each, as they come. */
static void test_lookup(void **state)
{
	struct random random = { 1 };
	size_t rules = 0;
	_cleanup_(facts_free) struct facts facts = { 0 };

	(void)state;
	form_host(LOOKUP_HOST, &facts);
	for (int i = 0; i < 5000; i++) {
		_cleanup_(buffer_free) struct buffer text = { 0 };
		_cleanup_(want_free) struct want want = { 0 };

		for (unsigned rule = random_below(&random, 3) + 1; rule; rule--) {
			bool is_sriov = random_below(&random, 4) == 0;

			buffer_add(&text, is_sriov ? " passthru.sriov=vfs=4"
						   : " passthru.device=hotplug=no");
			for (unsigned part = random_below(&random, 3) + 1; part; part--)
				buffer_printf(&text, ",%s",
					      parts[random_below(&random, ARRAY_SIZE(parts))]);
		}
		if (random_below(&random, 3) == 0)
			buffer_add(&text, " xen-pciback.hide=(00:1c.0)(03:00.*)(02:*.*)");
		form_want(NULL, text.text, &want);
		rules += want.rule_count;
		assert_looked_up(&want, &facts);
	}
	assert_true(rules > 5000); /* not all of them were errors */
}

/* As many rules as devices, each of another id. */
static void plan_many(size_t count)
{
	struct pci_device *devices = memory_new(count, sizeof(*devices));
	struct rule *rules = memory_new(count, sizeof(*rules));
	struct facts facts = { .devices = devices, .device_count = count };
	struct want want = { .rules = rules, .rule_count = count };
	struct plan plan;

	for (size_t i = 0; i < count; i++) {
		devices[i].address.domain = (uint32_t)i;
		devices[i].vendor = 0x8086;
		devices[i].device = (uint16_t)i;
		devices[i].group = GROUP_NONE;
		rules[i].origin = "here";
		rules[i].selector.has_id = true;
		rules[i].selector.id = (struct id_pattern){ 0x1234, (uint32_t)i, ID_ANY, ID_ANY };
	}
	plan_make(&want, &facts, &plan);
	assert_int_equal(plan.count, count);
	plan_free(&plan);
	free(devices);
	free(rules);
}

static void test_in_time(void **state)
{
	(void)state;
	assert_not_quadratic(plan_many, 2000);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "fit", test_fit, rows);
	suite_add(&suite, "fit: a device without a path", test_device_without_path);
	suite_add(&suite, "the first rule that fits wins", test_first_rule_wins);
	suite_add_rows(&suite, "xen-pciback.hide= of", test_hide, hide_rows);
	suite_add(&suite, "looked up as compared", test_lookup);
	suite_add(&suite, "many rules, many devices", test_in_time);
	return suite_run(&suite, "match");
}
