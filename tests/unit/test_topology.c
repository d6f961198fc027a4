/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "facts/topology.h"
#include "util/memory.h"

static const struct methods_row {
	const char *methods;
	bool alone;
} methods_rows[] = {
	{ "flr", true },  { "flr bus", true },      { "af_flr pm", true },       { "pm bus", true },
	{ "bus", false }, { "cxl_bus bus", false }, { "device_specific", true }, { "acpi", true },
	{ "", false },    { "flrx", false },        { "x flr", true },
};

static void test_methods(void **state)
{
	const struct methods_row *row = *state;

	assert_int_equal(topology_resets_alone(row->methods), row->alone);
}

#define NO_CAPABILITY 0

/* A configuration space of 64 + 64 bytes with a PCI Express capability of TYPE at OFFSET. */
static const struct config_row {
	const char *name;
	uint8_t header_type, offset, type;
	size_t length;
	bool conventional;
} config_rows[] = {
	{ "a bridge without the capability", 0x01, NO_CAPABILITY, 0, 128, true },
	{ "a PCIe-to-PCI bridge", 0x01, 0x50, 7, 128, true },
	{ "a PCI-to-PCIe bridge", 0x01, 0x50, 8, 128, false },
	{ "a root port", 0x01, 0x40, 4, 128, false },
	{ "a downstream port", 0x81, 0x40, 6, 128, false },
	{ "an endpoint", 0x00, 0x40, 0, 128, false },
	{ "a conventional device that is no bridge", 0x00, NO_CAPABILITY, 0, 128, false },
	{ "cut off before the capability: what an ordinary user may read", 0x01, 0x50, 7, 64,
	  false },
	{ "less than a header", 0x01, NO_CAPABILITY, 0, 63, false },
};

static void test_config(void **state)
{
	const struct config_row *row = *state;
	uint8_t config[128] = { 0 };

	config[0x0e] = row->header_type;
	if (row->offset) {
		config[0x06] = 0x10;
		config[0x34] = 0x40;
		config[0x40] = 0x05; /* MSI stands before it, unless it is the first */
		config[0x41] = row->offset;
		config[row->offset] = 0x10;
		config[row->offset + 1] = 0;
		config[row->offset + 2] = (uint8_t)(row->type << 4);
	}
	assert_int_equal(topology_is_conventional_bridge(config, row->length), row->conventional);
}

static void test_config_in_circles(void **state)
{
	uint8_t config[128] = { 0 };

	(void)state;
	config[0x0e] = 0x01;
	config[0x06] = 0x10;
	config[0x34] = 0x40;
	config[0x40] = 0x05;
	config[0x41] = 0x40;
	assert_true(topology_is_conventional_bridge(config, sizeof(config)));
}

/* "ADDRESS [<PARENT] [conventional] [alone]" */
static void add_device(struct facts *facts, const char *address, const char *parent,
		       bool is_conventional, bool resets_alone)
{
	struct pci_device *device;

	facts->devices = memory_grow(facts->devices, facts->device_count, sizeof(*device));
	device = &facts->devices[facts->device_count++];
	assert_int_equal(address_parse(address, &device->address), 0);
	device->has_parent = parent && address_parse(parent, &device->parent) == 0;
	device->is_conventional_bridge = is_conventional;
	device->resets_alone = resets_alone;
	device->group = GROUP_NONE;
}

static void test_groups(void **state)
{
	static const int expected[] = { 0, 1, 2, 3, 3, 5, 6, 5, 5, 5 };
	struct facts facts = { 0 };

	(void)state;
	add_device(&facts, "0000:00:00.0", NULL, false, false);
	/* both can be reset alone: apart */
	add_device(&facts, "0000:00:01.0", NULL, false, true);
	add_device(&facts, "0000:00:01.1", NULL, false, true);
	/* one of the two cannot: together */
	add_device(&facts, "0000:00:02.0", NULL, false, true);
	add_device(&facts, "0000:00:02.1", NULL, false, false);
	/* a conventional bridge, two below it, one of them a bridge with one more */
	add_device(&facts, "0000:00:1e.0", NULL, true, false);
	add_device(&facts, "0000:00:1f.0", NULL, false, true);
	add_device(&facts, "0000:05:01.0", "0000:00:1e.0", false, true);
	add_device(&facts, "0000:05:02.0", "0000:00:1e.0", true, false);
	add_device(&facts, "0000:06:00.0", "0000:05:02.0", false, true);
	topology_derive_groups(&facts);
	for (size_t i = 0; i < facts.device_count; i++)
		assert_int_equal(facts.devices[i].group, expected[i]);
	facts_free(&facts);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "reset methods", test_methods, methods_rows);
	suite_add_rows(&suite, "configuration space of", test_config, config_rows);
	suite_add(&suite, "a chain of capabilities that goes in circles ends",
		  test_config_in_circles);
	suite_add(&suite, "groups", test_groups);
	return suite_run(&suite, "topology");
}
