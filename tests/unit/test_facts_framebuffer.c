/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "facts/framebuffer.h"

#define BAR   "  c0000000-c0ffffff : 0000:00:05.0\n"
#define OTHER "  d0000000-d0ffffff : 0000:00:06.0\n"

static const struct row {
	const char *name;
	const char *iomem;
	const char *only; /* NULL: of any device */
	int result;
	const char *address;
} rows[] = {
	{ "empty", "", NULL, 0, NULL },
	{ "no framebuffer", "00001000-0009fbff : System RAM\n" BAR, NULL, 0, NULL },
	{ "efifb in a BAR", OTHER BAR "    c0000000-c03e7fff : efifb\n", NULL, 1, "0000:00:05.0" },
	{ "vesafb, at the end of a BAR", BAR "    c0f00000-c0ffffff : vesafb\n", NULL, 1,
	  "0000:00:05.0" },
	{ "simpledrm, in memory of its own device",
	  BAR "    c0000000-c03e7fff : BOOTFB\n      c0000000-c03e7fff : simpledrm\n", NULL, 1,
	  "0000:00:05.0" },
	{ "the device's memory alone", BAR "    c0000000-c03e7fff : BOOTFB", NULL, 1,
	  "0000:00:05.0" },
	{ "behind bridges, in another domain",
	  "a0000000-afffffff : PCI Bus 0000:00\n  a0000000-a0ffffff : PCI Bus 0000:01\n"
	  "    a0000000-a0ffffff : 10000:e1:00.0\n      a0000000-a02fffff : efifb\n",
	  NULL, 1, "10000:e1:00.0" },
	{ "above 4 GiB",
	  "  38000000000-3800fffffff : 0000:03:00.0\n    38000000000-380007e8fff : efifb\n", NULL,
	  1, "0000:03:00.0" },
	/* r_show() does not indent by more than so many levels. */
	{ "too deep to be indented",
	  "          c0000000-c0ffffff : 0000:05:00.0\n          c0000000-c03e7fff : efifb\n", NULL,
	  1, "0000:05:00.0" },
	{ "one byte beyond the BAR", BAR "    c0000000-c1000000 : efifb\n", NULL, 0, NULL },
	{ "below the BAR", BAR "  bffff000-c0000fff : efifb\n", NULL, 0, NULL },
	{ "in memory of no device", BAR "80000000-803e7fff : simplefb\n", NULL, 0, NULL },
	{ "memory of another driver", BAR "    c0000000-c03e7fff : bochs-drm\n", NULL, 0, NULL },
	{ "a name that only begins so", BAR "    c0000000-c03e7fff : efifb2\n", NULL, 0, NULL },
	{ "of that device", BAR "    c0000000-c03e7fff : efifb\n", "0000:00:05.0", 1,
	  "0000:00:05.0" },
	{ "of another device", BAR OTHER "    c0000000-c03e7fff : efifb\n", "0000:00:06.0", 0,
	  NULL },
	{ "two, the second in a BAR",
	  "80000000-803e7fff : simplefb\n" BAR "    c0000000-c03e7fff : efifb\n", NULL, 1,
	  "0000:00:05.0" },
	{ "as others than root see it",
	  "  00000000-00000000 : 0000:00:05.0\n    00000000-00000000 : efifb\n", NULL, -EACCES,
	  NULL },
	{ "hidden, but there is none", "  00000000-00000000 : 0000:00:05.0\n", NULL, 0, NULL },
	{ "nonsense", "efifb\n- : efifb\nc0000000 : efifb\nc0000000-c03e7fff efifb\n" BAR, NULL, 0,
	  NULL },
};

static void test_find(void **state)
{
	const struct row *row = *state;
	struct pci_address only, address;
	char name[ADDRESS_SIZE];

	if (row->only)
		assert_int_equal(address_parse(row->only, &only), 0);
	assert_int_equal(framebuffer_find(row->iomem, row->only ? &only : NULL, &address),
			 row->result);
	if (row->address)
		assert_string_equal(address_format(&address, name), row->address);
}

static void test_names(void **state)
{
	(void)state;
	assert_true(framebuffer_is_name("efi-framebuffer.0"));
	assert_true(framebuffer_is_name("vesa-framebuffer.0"));
	assert_true(framebuffer_is_name("simple-framebuffer.12"));
	assert_false(framebuffer_is_name("efi-framebuffer"));
	assert_false(framebuffer_is_name("my-efi-framebuffer.0"));
	assert_false(framebuffer_is_name("pcspkr"));
}

static void test_concerns(void **state)
{
	static const char iomem[] = OTHER BAR "    c0000000-c03e7fff : efifb\n";

	(void)state;
	assert_true(framebuffer_concerns(iomem, BAR));
	assert_true(framebuffer_concerns(iomem, "    c0000000-c03e7fff : efifb"));
	assert_false(framebuffer_concerns(iomem, OTHER));
	assert_false(framebuffer_concerns(iomem, "c0000000-cfffffff : PCI Bus 0000:00"));
	assert_false(framebuffer_concerns(iomem, "nonsense"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "memory", test_find, rows);
	suite_add(&suite, "names", test_names);
	suite_add(&suite, "lines for a host dump", test_concerns);
	return suite_run(&suite, "framebuffer");
}
