/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "util/memory.h"
#include "util/pasted.h"

static const struct row {
	const char *text, *plain; /* NULL: none */
} rows[] = {
	{ "1:00.0", "01:00.0" },
	{ "1:0.0", "01:00.0" },
	{ "1:00.*", "01:00.*" },
	{ "01:00.0", NULL },
	{ "0:1:0.0", "0000:01:00.0" },
	{ "10000:e1:00.0", NULL },
	{ "0000:01:00.0", NULL },
	{ "pci_0000_01_00_0", "0000:01:00.0" },
	{ "pci_10000_e1_00_0", "10000:e1:00.0" },
	{ "pci_0000_01_00", NULL },
	{ "pci_0000_01_00_0_0", NULL },
	{ "pci-0000:01:00.0", "0000:01:00.0" },
	{ "pci-0000-01-00.0", NULL }, /* a rule's name */
	{ "/sys/bus/pci/devices/0000:01:00.0", "0000:01:00.0" },
	{ "0x10de:0x2184", "10de:2184" },
	{ "0X10DE:2184", "10DE:2184" },
	{ "[10de:2184]", "10de:2184" },
	{ "10de:2184", NULL },
	{ "10de::0300", NULL },
	{ "::0x0300", "::0300" },
	{ "0x:1", NULL },
	{ "gpu", NULL },
	{ "", NULL },
	{ "[]", NULL },
	{ "0000:01:00", NULL },
	/* What was not meant by these nobody knows. */
	{ "0000:82.0.0", NULL },
	{ "0b::00.1", NULL },
	{ "001:00.0", NULL },
	{ "000000001:00:00.0", NULL },
	{ "g:00.0", NULL },
};

static void test_plain(void **state)
{
	const struct row *row = *state;
	_cleanup_free_ char *plain = pasted_plain(row->text);

	if (row->plain) {
		assert_non_null(plain);
		assert_string_equal(plain, row->plain);
	} else {
		assert_null(plain);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "what it is another spelling of", test_plain, rows);
	return suite_run(&suite, "pasted");
}
