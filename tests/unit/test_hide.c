/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "want/hide.h"

#define ANY 255 /* in a row: '*' */

static const struct good_row {
	const char *text;
	uint32_t domain;
	uint8_t bus, slot, function;
	const char *rest; /* what is behind the group */
} good_rows[] = {
	{ "(03:02.0)", 0, 3, 2, 0, "" },
	{ "(0000:03:02.0)", 0, 3, 2, 0, "" },
	{ "(10000:e1:1f.7)", 0x10000, 0xe1, 0x1f, 7, "" },
	{ "(3:2.0)", 0, 3, 2, 0, "" }, /* any number of digits, as the driver's scanf takes them */
	{ "(03:02.*)", 0, 3, 2, ANY, "" },
	{ "(0000:03:02.*)", 0, 3, 2, ANY, "" },
	{ "(03:*.*)", 0, 3, ANY, ANY, "" },
	{ "(0001:03:*.*)", 1, 3, ANY, ANY, "" },
	{ " \t(03:02.0) \n(04:00.0)", 0, 3, 2, 0, "(04:00.0)" },
	{ "(03:02.0)junk", 0, 3, 2, 0, "junk" },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	struct address_pattern pattern;
	size_t length;

	assert_int_equal(hide_group_parse(row->text, &pattern, &length), 0);
	assert_string_equal(row->text + length, row->rest);
	assert_int_equal(pattern.address.domain, row->domain);
	assert_int_equal(pattern.address.bus, row->bus);
	assert_int_equal(pattern.any_slot, row->slot == ANY);
	assert_int_equal(pattern.any_function, row->function == ANY);
	assert_int_equal(pattern.address.slot, row->slot == ANY ? 0 : row->slot);
	assert_int_equal(pattern.address.function, row->function == ANY ? 0 : row->function);
}

static const struct bad_row {
	const char *text;
	const char *rest; /* where the next group may begin */
} bad_rows[] = {
	{ "(03:02.8)", "" },
	{ "(03:20.0)", "" },
	{ "(103:02.0)", "" },
	{ "(03:02)", "" },
	{ "(03.0)", "" },
	{ "(03:*.0)", "" },
	{ "(*:02.0)", "" },
	{ "(03:02.**)", "" },
	{ "(0:0:03:02.0)", "" },
	{ "(zz:02.0)(04:00.0)", "(04:00.0)" },
	{ "( 03:02.0)", "" },
	{ "()", "" },
	{ "03:02.0(04:00.0)", "(04:00.0)" },
	{ "(03:02.0(04:00.0)", "(04:00.0)" },
	{ "(03:02.0", "" },
	{ ")(04:00.0)", "(04:00.0)" },
	{ " ", "" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct address_pattern pattern, same;
	size_t length = 0;

	memset(&pattern, 0x55, sizeof(pattern));
	memset(&same, 0x55, sizeof(same));
	assert_int_equal(hide_group_parse(row->text, &pattern, &length), -EINVAL);
	assert_memory_equal(&pattern, &same, sizeof(pattern));
	assert_true(length > 0);
	assert_string_equal(row->text + length, row->rest);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	return suite_run(&suite, "hide");
}
