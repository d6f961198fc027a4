/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "forms.h"
#include "want/selector.h"

struct row {
	const char *text;
	const char *meaning; /* as form_selector() shows it, NULL for -EINVAL */
};

/* SELECTOR was parsed with RESULT: it is as ROW says, or is what it was. */
static void assert_meaning(const struct row *row, int result, const struct selector *selector)
{
	_cleanup_free_ char *form = form_selector(selector);

	assert_int_equal(result, row->meaning ? 0 : -EINVAL);
	if (row->meaning)
		assert_string_equal(form, row->meaning);
}

static const struct row id_rows[] = {
	{ "10de:2684", "id=10de:2684" },
	{ "10DE:2684", "id=10de:2684" },
	{ "1:2", "id=0001:0002" },
	{ "10de:*", "id=10de:*" },
	{ "*:*", "id=*:*" },
	{ "10de:2684:1043:889c", "id=10de:2684:1043:889c" },
	{ "10de:2684:1043:*", "id=10de:2684:1043:*" },
	{ "10de:2684:*:*", "id=10de:2684" },
	{ "10de", NULL },
	{ "10de:", NULL },
	{ ":2684", NULL },
	{ "10de:2684:1043", NULL },
	{ "10de:2684:1043:889c:0", NULL },
	{ "10de:2684:", NULL },
	{ "10de:02684", NULL },
	{ "0x10de:0x2684", NULL },
	{ "10de:26*", NULL },
	{ "10de:2684 ", NULL },
	{ "10de.2684", NULL },
	{ "ffffffff:2684", NULL },
	{ "", NULL },
};

static void test_id(void **state)
{
	const struct row *row = *state;
	struct selector selector = { .has_id = true, .id = { 1, 2, 3, 4 } };
	const struct id_pattern before = selector.id;
	int r = id_pattern_parse(row->text, &selector.id);

	assert_meaning(row, r, &selector);
	if (r < 0)
		assert_memory_equal(&selector.id, &before, sizeof(before));
}

static const struct row filter_rows[] = {
	{ "10de:2684", "id=10de:2684" },
	{ "10de:", "id=10de:*" },
	{ ":2684", "id=*:2684" },
	{ ":", "id=*:*" },
	{ "10de::0300", "id=10de:* class=030000/ffff00" },
	{ "::03", "id=*:* class=030000/ff0000" },
	{ "*:*:0c0330", "id=*:* class=0c0330/ffffff" },
	{ "10de:2684:", "id=10de:2684" },
	{ "10de:2684:*", "id=10de:2684" },
	{ "10de:2684:030", NULL },
	{ "10de:2684:0300:0", NULL },
	{ "10de0:2684", NULL },
	{ "10de:x", NULL },
	{ "10de", NULL },
	{ "", NULL },
};

static void test_filter(void **state)
{
	const struct row *row = *state;
	struct selector selector = { .has_id = true, .id = { 1, 2, 3, 4 } };
	const struct selector before = selector;
	int r = filter_parse(row->text, &selector);

	assert_meaning(row, r, &selector);
	if (r < 0)
		assert_memory_equal(&selector, &before, sizeof(before));
}

static const struct row class_rows[] = {
	{ "03", "class=030000/ff0000" },
	{ "0300", "class=030000/ffff00" },
	{ "030001", "class=030001/ffffff" },
	{ "0C0330", "class=0c0330/ffffff" },
	{ "", NULL },
	{ "3", NULL },
	{ "030", NULL },
	{ "03000", NULL },
	{ "0300000", NULL },
	{ "03000000", NULL },
	{ "0x03", NULL },
	{ "03*", NULL },
	{ "vg", NULL },
};

static void test_class(void **state)
{
	const struct row *row = *state;
	struct selector selector = { .has_class = true };
	int r = class_pattern_parse(row->text, &selector.class);

	assert_meaning(row, r, &selector);
	if (r < 0)
		assert_int_equal(selector.class.mask, 0);
}

/* vfio-pci.ids= and pci-stub.ids= */
static const struct row native_rows[] = {
	{ "10de:2684", "id=10de:2684" },
	{ "0x10de:0X2684", "id=10de:2684" },
	{ "8086:10d3:1af4", "id=8086:10d3:1af4:*" },
	{ "8086:10d3:1af4:1100", "id=8086:10d3:1af4:1100" },
	{ "ffffffff:10d3", "id=*:10d3" },
	{ "8086:10d3:ffffffff:ffffffff:020000:ffff00", "id=8086:10d3 class=020000/ffff00" },
	{ "ffffffff:ffffffff:ffffffff:ffffffff:0c0330:ffffff", "id=*:* class=0c0330/ffffff" },
	{ "8086:10d3:1:2:020000", "id=8086:10d3:0001:0002" }, /* a mask of 0 fits any class */
	/* As sscanf reads, what is behind the last number does not matter. */
	{ "8086:10d3:", "id=8086:10d3" },
	{ "8086:10d3:x", "id=8086:10d3" },
	{ "8086:10d3zoo", "id=8086:10d3" },
	{ "8086:10d3 ", "id=8086:10d3" },
	{ " 8086: 10d3", "id=8086:10d3" },
	{ "8086:10d3:1:2:3:4:5", "id=8086:10d3:0001:0002 class=000003/000004" },
	{ "8086:10d3 :1", "id=8086:10d3" },
	{ "8086", NULL },
	{ "8086:", NULL },
	{ "8086 :10d3", NULL },
	{ ":10d3", NULL },
	{ "8086:*", NULL },
	{ "123456789:1", NULL },
	{ "0x:0x", NULL },
	{ "e1000e", NULL },
	{ "", NULL },
};

static void test_native(void **state)
{
	const struct row *row = *state;
	struct selector selector = { 0 };
	const char *rest;
	int r = native_id_parse(row->text, &selector, &rest);

	assert_meaning(row, r, &selector);
	if (r < 0)
		assert_true(selector_is_empty(&selector));
}

static void test_empty(void **state)
{
	struct selector selector = { 0 };

	(void)state;
	assert_true(selector_is_empty(&selector));
	assert_false(selector_is_empty(&(struct selector){ .has_address = true }));
	assert_false(selector_is_empty(&(struct selector){ .has_id = true }));
	assert_false(selector_is_empty(&(struct selector){ .has_class = true }));
	selector.path = strdup("pci0000:00/01.0");
	assert_false(selector_is_empty(&selector));
	selector_free(&selector);
	assert_true(selector_is_empty(&selector));
	selector_free(&selector);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "id", test_id, id_rows);
	suite_add_rows(&suite, "filter", test_filter, filter_rows);
	suite_add_rows(&suite, "class", test_class, class_rows);
	suite_add_rows(&suite, "native id", test_native, native_rows);
	suite_add(&suite, "empty: nothing is selected", test_empty);
	return suite_run(&suite, "selector");
}
