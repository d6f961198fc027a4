/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdlib.h>
#include <string.h>

#include "forms.h"
#include "util/buffer.h"
#include "util/memory.h"
#include "want/overlap.h"

/* Each with [sriov nic] on line 1; whether that is an error. */
static const struct row {
	const char *name;
	const char *sriov;
	const char *other;
	bool overlaps;
} rows[] = {
	{ "the same address", "address = 03:00.0\n", "[device a]\naddress = 0000:03:00.0\n", true },
	{ "any function of it", "address = 03:00.0\n", "[device a]\naddress = 03:00.*\n", true },
	{ "another address", "address = 03:00.0\n", "[device a]\naddress = 03:00.1\n", false },
	{ "the same path", "path = pci0000:00/01.0\n", "[device a]\npath = pci0000:00/01.0\n",
	  true },
	{ "address and path", "address = 03:00.0\n", "[device a]\npath = pci0000:00/01.0\n",
	  false },
	{ "the same id alone", "id = 1:2\n", "[device a]\nid = 1:*\n", true },
	{ "an id, and the same id in a place", "id = 1:2\n",
	  "[device a]\nid = 1:2\naddress = 03:00.0\n", false },
	{ "one address, two ids", "address = 03:00.0\nid = 1:2\n",
	  "[device a]\naddress = 03:00.0\nid = 1:3\n", false },
	{ "other numbers", "address = 03:00.0\nvf = 0-1\n",
	  "[device a]\naddress = 03:00.0\nvf = 2-3\n", false },
	{ "the same numbers", "address = 03:00.0\nvf = 0-1\n",
	  "[device a]\naddress = 03:00.0\nvf = 1-3\n", true },
	{ "all numbers", "address = 03:00.0\n", "[device a]\naddress = 03:00.0\nvf = 3\n", true },
	{ "an id, and any id", "id = 1:*\n", "[device a]\nid = 1:2\n", true },
	{ "any id, and an id", "id = 1:2\n", "[device a]\nid = *:2\n", true },
	{ "any function, and one", "address = 03:00.*\n", "[device a]\naddress = 03:00.3\n", true },
	{ "a path, and the same behind an address", "path = pci0000:00/01.0\n",
	  "[device a]\naddress = 03:00.3\npath = pci0000:00/01.0\n", true },
	{ "two sections, though other numbers", "address = 03:00.0\nvf = 0\n",
	  "[sriov a]\naddress = 03:00.0\nvfs = 4\nvf = 1\n", true },
};

static void test_overlap(void **state)
{
	const struct row *row = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *conf =
		memory_printf("[sriov nic]\nvfs = 4\n%s%s", row->sriov, row->other);

	form_want(conf, NULL, &want);
	assert_int_equal(want.has_errors, row->overlaps);
	assert_int_equal(want.findings.count, row->overlaps);
	if (!row->overlaps)
		return;
	assert_int_equal(want.findings.items[0].code, FINDING_CONFIG_ERROR);
	assert_memory_equal(want.findings.items[0].text, "conf:", strlen("conf:"));
	assert_non_null(strstr(want.findings.items[0].text, "functions of [sriov nic], at conf:1"));
}

/* Of thousands that all overlap, each is told once. */
static void test_many_overlaps(void **state)
{
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(buffer_free) struct buffer conf = { 0 };

	(void)state;
	for (unsigned i = 0; i < 4096; i++)
		buffer_printf(&conf, "[sriov s%u]\naddress = 03:00.0\nvfs = 2\n", i);
	form_want(conf.text, NULL, &want);
	assert_int_equal(want.findings.count, 4095);
	assert_non_null(strstr(want.findings.items[4094].text, "[sriov s4095] matches functions "
							       "of [sriov s0], at conf:1"));
}

static void count_overlap(const struct rule *sriov, const struct rule *other, void *context)
{
	(void)sriov, (void)other;
	(*(size_t *)context)++;
}

static void find_none(size_t count)
{
	struct rule *rules = memory_new(count, sizeof(*rules));
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		rules[i].kind = RULE_SRIOV;
		rules[i].selector.has_address = true;
		rules[i].selector.address.address.domain = (uint32_t)i;
	}
	overlaps_find(rules, count, count_overlap, &found);
	assert_int_equal(found, 0);
	free(rules);
}

static void test_overlaps_in_time(void **state)
{
	(void)state;
	assert_not_quadratic(find_none, 5000);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "overlap", test_overlap, rows);
	suite_add(&suite, "overlaps of thousands", test_many_overlaps);
	suite_add(&suite, "overlaps are found in time", test_overlaps_in_time);
	return suite_run(&suite, "overlap");
}
