/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/facts.h"
#include "util/memory.h"

static struct pci_device *add_device(struct facts *facts, const char *address, const char *path)
{
	struct pci_device *device;

	facts->devices = memory_grow(facts->devices, facts->device_count, sizeof(*device));
	device = &facts->devices[facts->device_count++];
	*device = (struct pci_device){ .group = GROUP_NONE };
	assert_int_equal(address_parse(address, &device->address), 0);
	device->path = path ? memory_dup(path) : NULL;
	return device;
}

#define OWNER "pci0000:00/0e.0"

static const struct owner_row {
	const char *name;
	const char *path; /* of 10000:e1:00.0 */
	const char *owner;
} owner_rows[] = {
	{ "of the machine's own domain", "pci10000:e1/00.0", NULL },
	{ "right in the domain", OWNER "/pci10000:e1/00.0", "0000:00:0e.0" },
	{ "behind a bridge there", OWNER "/pci10000:e0/06.0/00.0", "0000:00:0e.0" },
	{ "of a device whose name is longer", OWNER "1/pci10000:e1/00.0", "0000:01:00.0" },
	{ "of a device whose name is shorter", "pci0000:00/0e/pci10000:e1/00.0", NULL },
	{ "of a bridge's child", OWNER "/00.0/pci10000:e1/00.0", "0000:02:00.0" },
	{ "a domain within a domain", OWNER "/pci10000:e0/06.0/pci10001:00/00.0", "0000:00:0e.0" },
	{ "of one that is not there", "pci0000:00/1f.0/pci10000:e1/00.0", NULL },
	{ "of none", "/pci10000:e1/00.0", NULL },
	{ "without a path", NULL, NULL },
};

static void assert_owner(const struct facts *facts, const char *owner)
{
	const struct pci_device *last = &facts->devices[facts->device_count - 1];
	const struct pci_device *found = facts_domain_owner(facts, last);
	char name[ADDRESS_SIZE];

	if (owner)
		assert_string_equal(found ? address_format(&found->address, name) : "none", owner);
	else
		assert_null(found);
}

/* Virtual functions on other buses than their physical one: paths do not name the bus. */
static void add_twins(struct facts *facts)
{
	add_device(facts, "0000:04:0e.0", OWNER);
	add_device(facts, "0000:03:0e.0", OWNER);
	add_device(facts, "0000:05:0e.0", OWNER);
}

static void test_owner(void **state)
{
	const struct owner_row *row = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	add_device(&facts, "10000:e1:00.0", row->path);
	add_device(&facts, "0000:02:00.0", OWNER "/00.0");
	add_device(&facts, "0000:01:00.0", OWNER "1");
	add_twins(&facts);
	add_device(&facts, "0000:00:0e.0", OWNER);
	add_device(&facts, "0000:00:00.0", NULL);
	facts_sort(&facts);
	assert_owner(&facts, row->owner);
}

/* One that is looked at later may be the owner, and moves the others. */
static void test_later_owner(void **state)
{
	_cleanup_(facts_free) struct facts facts = { 0 };

	(void)state;
	add_device(&facts, "10000:e1:00.0", OWNER "/pci10000:e1/00.0");
	facts_sort(&facts);
	assert_owner(&facts, NULL);
	add_device(&facts, "0000:00:0e.0", OWNER);
	facts_sort(&facts);
	assert_owner(&facts, "0000:00:0e.0");
	add_device(&facts, "0000:00:01.0", "pci0000:00/01.0");
	facts_sort(&facts);
	assert_owner(&facts, "0000:00:0e.0");
}

static size_t count_above(const struct facts *facts, const struct pci_device *device)
{
	size_t count = 0;

	while ((device = facts_parent(facts, device)))
		count++;
	return count;
}

/* Each device of COUNT is said to be behind the one before it. */
static void make_chain(struct facts *facts, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		_cleanup_free_ char *name = memory_printf("%04x:%02x:00.0", i >> 8, i & 255);
		struct pci_device *device = add_device(facts, name, NULL);

		device->has_parent = i > 0;
		if (i > 0)
			device->parent = device[-1].address;
	}
	facts_sort(facts);
}

static const struct chain_row {
	const char *name;
	unsigned count;
	size_t above; /* the last one */
} chain_rows[] = {
	{ "as many buses as a domain has", 256, 255 },
	{ "more than these: cut at each 256th", 2000, 1999 % 256 },
};

static void test_chain(void **state)
{
	const struct chain_row *row = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };

	make_chain(&facts, row->count);
	assert_int_equal(count_above(&facts, &facts.devices[row->count - 1]), row->above);
	for (size_t i = 0; i < facts.device_count; i++)
		assert_true(count_above(&facts, &facts.devices[i]) < 256);
}

static const struct place_row {
	const char *name;
	const char *a, *a_parent;
	const char *b, *b_parent;
	bool is_same;
} place_rows[] = {
	{ "two functions of a slot", "0000:00:01.0", NULL, "0000:00:01.1", NULL, true },
	{ "two slots", "0000:00:01.0", NULL, "0000:00:02.0", NULL, false },
	{ "below a bridge", "0000:01:00.0", "0000:00:1c.0", "0000:01:01.0", "0000:00:1c.0", true },
	{ "two bridges", "0000:01:00.0", "0000:00:1c.0", "0000:02:00.0", "0000:00:1c.1", false },
	{ "the bridge above", "0000:01:00.0", "0000:00:1c.0", "0000:00:1c.0", NULL, false },
};

static void set_parent(struct pci_device *device, const char *parent)
{
	device->has_parent = parent != NULL;
	if (parent)
		assert_int_equal(address_parse(parent, &device->parent), 0);
}

static size_t place_of(const struct facts *facts, const char *text)
{
	struct pci_address address;

	assert_int_equal(address_parse(text, &address), 0);
	return facts_place(facts, &facts->devices[facts_find(facts, &address)]);
}

static void test_place(void **state)
{
	const struct place_row *row = *state;
	_cleanup_(facts_free) struct facts facts = { 0 };
	size_t a, b;

	set_parent(add_device(&facts, row->a, NULL), row->a_parent);
	if (strcmp(row->b, "0000:00:1c.0") != 0)
		set_parent(add_device(&facts, row->b, NULL), row->b_parent);
	add_device(&facts, "0000:00:1c.0", NULL);
	add_device(&facts, "0000:00:1c.1", NULL);
	facts_sort(&facts);
	a = place_of(&facts, row->a);
	b = place_of(&facts, row->b);
	assert_true(a < 2 * facts.device_count && b < 2 * facts.device_count);
	assert_int_equal(a == b, row->is_same);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "owner of a domain", test_owner, owner_rows);
	suite_add(&suite, "an owner that is looked at later", test_later_owner);
	suite_add_rows(&suite, "a chain of bridges", test_chain, chain_rows);
	suite_add_rows(&suite, "one place", test_place, place_rows);
	return suite_run(&suite, "facts");
}
