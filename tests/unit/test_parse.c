/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "util/parse.h"

#define UNTOUCHED 0xabad1deau

struct number_row {
	const char *text;
	int result;
	uint32_t value;
};

static const struct number_row hex_rows[] = {
	{ "0", 0, 0 },
	{ "1f", 0, 0x1f },
	{ "10dE", 0, 0x10de },
	{ "0000001a", 0, 0x1a },
	{ "ffffffff", 0, UINT32_MAX },
	{ "", -EINVAL, UNTOUCHED },
	{ "100000000", -EINVAL, UNTOUCHED },
	{ "g", -EINVAL, UNTOUCHED },
	{ "12 ", -EINVAL, UNTOUCHED },
	{ " 12", -EINVAL, UNTOUCHED },
	{ "+1", -EINVAL, UNTOUCHED },
	{ "-1", -EINVAL, UNTOUCHED },
	{ "0x1", -EINVAL, UNTOUCHED },
	{ "1\xc3", -EINVAL, UNTOUCHED },
};

static void test_hex(void **state)
{
	const struct number_row *row = *state;
	uint32_t value = UNTOUCHED;

	assert_int_equal(parse_hex(row->text, strlen(row->text), &value), row->result);
	assert_int_equal(value, row->value);
}

/* The length counts, not what follows. */
static void test_hex_of_part(void **state)
{
	uint32_t value;

	(void)state;
	assert_int_equal(parse_hex("12:34", 2, &value), 0);
	assert_int_equal(value, 0x12);
	assert_int_equal(parse_hex("12", 0, &value), -EINVAL);
}

/* Up to 65536. */
static const struct number_row decimal_rows[] = {
	{ "0", 0, 0 },
	{ "7", 0, 7 },
	{ "007", 0, 7 },
	{ "65536", 0, 65536 },
	{ "65537", -ERANGE, UNTOUCHED },
	{ "4294967297", -ERANGE, UNTOUCHED },
	{ "18446744073709551617", -ERANGE, UNTOUCHED },
	{ "", -EINVAL, UNTOUCHED },
	{ "1a", -EINVAL, UNTOUCHED },
	{ " 1", -EINVAL, UNTOUCHED },
	{ "1 ", -EINVAL, UNTOUCHED },
	{ "-1", -EINVAL, UNTOUCHED },
	{ "+1", -EINVAL, UNTOUCHED },
	{ "0x10", -EINVAL, UNTOUCHED },
};

static void test_decimal(void **state)
{
	const struct number_row *row = *state;
	uint32_t value = UNTOUCHED;

	assert_int_equal(parse_decimal(row->text, 65536, &value), row->result);
	assert_int_equal(value, row->value);
}

static void test_decimal_full_range(void **state)
{
	uint32_t value;

	(void)state;
	assert_int_equal(parse_decimal("4294967295", UINT32_MAX, &value), 0);
	assert_int_equal(value, UINT32_MAX);
	assert_int_equal(parse_decimal("4294967296", UINT32_MAX, &value), -ERANGE);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "hex", test_hex, hex_rows);
	suite_add(&suite, "hex: the length decides", test_hex_of_part);
	suite_add_rows(&suite, "decimal", test_decimal, decimal_rows);
	suite_add(&suite, "decimal: up to 32 bits", test_decimal_full_range);
	return suite_run(&suite, "parse");
}
