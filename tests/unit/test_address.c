/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "util/address.h"

#define ANY 255 /* in a row: the function is '*' */

static const struct good_row {
	const char *text;
	uint32_t domain;
	uint8_t bus, slot, function;
	const char *canonical; /* NULL: only a pattern */
} good_rows[] = {
	{ "0000:01:00.0", 0, 1, 0, 0, "0000:01:00.0" },
	{ "0000:ff:1f.7", 0, 0xff, 0x1f, 7, "0000:ff:1f.7" },
	{ "0000:0B:0a.1", 0, 0x0b, 0x0a, 1, "0000:0b:0a.1" },
	{ "ffff:00:02.0", 0xffff, 0, 2, 0, "ffff:00:02.0" },
	{ "10000:e1:00.0", 0x10000, 0xe1, 0, 0, "10000:e1:00.0" }, /* Intel VMD */
	{ "ffffffff:ff:1f.7", UINT32_MAX, 0xff, 0x1f, 7, "ffffffff:ff:1f.7" },
	{ "01:00.0", 0, 1, 0, 0, NULL },
	{ "0000:01:00.*", 0, 1, 0, ANY, NULL },
	{ "01:00.*", 0, 1, 0, ANY, NULL },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	struct address_pattern pattern;
	struct pci_address address;
	char text[ADDRESS_SIZE];

	assert_int_equal(address_pattern_parse(row->text, &pattern), 0);
	assert_int_equal(pattern.address.domain, row->domain);
	assert_int_equal(pattern.address.bus, row->bus);
	assert_int_equal(pattern.address.slot, row->slot);
	assert_int_equal(pattern.address.function, row->function == ANY ? 0 : row->function);
	assert_int_equal(pattern.any_function, row->function == ANY);
	assert_int_equal(address_parse(row->text, &address), row->canonical ? 0 : -EINVAL);
	if (row->canonical)
		assert_string_equal(address_format(&address, text), row->canonical);
}

static const struct bad_row {
	const char *text;
} bad_rows[] = {
	{ "0000:82:0.0" },
	{ "0b::00.1" },
	{ "0000:82.0.0" },
	{ "0000:01:20.0" },
	{ "0000:01:00.8" },
	{ "0000:01:00.f" },
	{ "0000:01:00." },
	{ "0000:01:00" },
	{ "0000:01:00.00" },
	{ "0000:01:00.0 " },
	{ " 0000:01:00.0" },
	{ "0000:01:00.0," },
	{ "0000:001:00.0" },
	{ "0000:1:00.0" },
	{ "0000:01:000.0" },
	{ "000:01:00.0" },
	{ ":01:00.0" },
	{ "100000000:01:00.0" },
	{ "0000:01:*.*" },
	{ "0000:*:00.0" },
	{ "*:01:00.0" },
	{ "0000:01:00.**" },
	{ "0000:0000:01:00.0" },
	{ "0x00:01:00.0" },
	{ "-001:01:00.0" },
	{ "0000:0g:00.0" },
	{ "0000/01/00.0" },
	{ "pci0000:00" },
	{ "" },
	{ ":" },
	{ "::" },
	{ "." },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct address_pattern pattern, same_pattern;
	struct pci_address address, same_address;

	memset(&pattern, 0x55, sizeof(pattern));
	memset(&same_pattern, 0x55, sizeof(same_pattern));
	memset(&address, 0x55, sizeof(address));
	memset(&same_address, 0x55, sizeof(same_address));
	assert_int_equal(address_pattern_parse(row->text, &pattern), -EINVAL);
	assert_int_equal(address_parse(row->text, &address), -EINVAL);
	assert_memory_equal(&pattern, &same_pattern, sizeof(pattern));
	assert_memory_equal(&address, &same_address, sizeof(address));
}

/* Rows in ascending order: each is less than all behind it. */
static const char *const ascending[] = {
	"0000:00:00.0", "0000:00:00.1", "0000:00:01.0",  "0000:00:1f.7",
	"0000:01:00.0", "0001:00:00.0", "10000:00:00.0", "ffffffff:00:00.0",
};

static void test_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ascending); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(ascending); j++) {
			struct pci_address a, b;
			int order;

			assert_int_equal(address_parse(ascending[i], &a), 0);
			assert_int_equal(address_parse(ascending[j], &b), 0);
			order = address_compare(&a, &b);
			assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
		}
	}
}

static const struct match_row {
	const char *pattern, *address;
	bool matches;
} match_rows[] = {
	{ "0000:01:00.0", "0000:01:00.0", true },   { "01:00.0", "0000:01:00.0", true },
	{ "01:00.0", "0001:01:00.0", false },       { "0000:01:00.*", "0000:01:00.0", true },
	{ "0000:01:00.*", "0000:01:00.7", true },   { "0000:01:00.*", "0000:01:01.0", false },
	{ "0000:01:00.*", "0000:02:00.0", false },  { "0000:01:00.0", "0000:01:00.1", false },
	{ "10000:01:00.0", "0000:01:00.0", false },
};

static void test_match(void **state)
{
	const struct match_row *row = *state;
	struct address_pattern pattern;
	struct pci_address address;

	assert_int_equal(address_pattern_parse(row->pattern, &pattern), 0);
	assert_int_equal(address_parse(row->address, &address), 0);
	assert_int_equal(address_pattern_matches(&pattern, &address), row->matches);
}

static const struct path_row {
	const char *path;
	bool is_good;
} path_rows[] = {
	{ "pci0000:00/01.0", true },
	{ "pci0000:00/01.0/00.0", true },
	{ "pci0000:00/1f.7/1f.7", true },
	{ "pci0000:00/0e.0/pci10000:e0/06.0/00.0", true }, /* Intel VMD */
	{ "pci10000:e0/06.0", true },
	{ "pci0000:00", false },
	{ "pci0000:00/", false },
	{ "pci0000:00/01.0/", false },
	{ "pci0000:00//01.0", false },
	{ "/pci0000:00/01.0", false },
	{ "pci0000:00/01.0/pci10000:e0", false },
	{ "pci0000:00/20.0", false },
	{ "pci0000:00/01.8", false },
	{ "pci0000:00/1.0", false },
	{ "pci0000:00/01.00", false },
	{ "pci0000:00/01.*", false },
	{ "pci0000:00/0000:01:00.0", false },
	{ "pci000:00/01.0", false },
	{ "pci0000:0/01.0", false },
	{ "pci0000:000/01.0", false },
	{ "pci123456789:00/01.0", false },
	{ "pci0000/01.0", false },
	{ "pciwxyz:00/01.0", false },
	{ "0000:00/01.0", false },
	{ "pci", false },
	{ "01.0", false },
	{ "", false },
};

static void test_path(void **state)
{
	const struct path_row *row = *state;

	assert_int_equal(path_check(row->path), row->is_good ? 0 : -EINVAL);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add(&suite, "order: domain, bus, slot, function", test_order);
	suite_add_rows(&suite, "match", test_match, match_rows);
	suite_add_rows(&suite, "path", test_path, path_rows);
	return suite_run(&suite, "address");
}
