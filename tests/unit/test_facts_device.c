/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "facts/device.h"
#include "util/memory.h"

#define NIC_MODALIAS     "pci:v00008086d000010D3sv00008086sd00000000bc02sc00i00"
#define XHCI_MODALIAS    "pci:v00008086d000010D3sv00000000sd00000000bc0Csc03i30"
#define MINIMAL_MODALIAS "pci:v000010DEd00002684sv00000000sd00000000bc03sc00i00"
#define NIC                                                            \
	"PCI_CLASS=20000\nPCI_ID=8086:10D3\nPCI_SUBSYS_ID=8086:0000\n" \
	"PCI_SLOT_NAME=0000:00:02.0\nMODALIAS=" NIC_MODALIAS "\n"
#define MINIMAL    "PCI_CLASS=30000\nPCI_ID=10DE:2684\n"
#define NAME_OF_47 "drv45678901234567890123456789012345678901234567"

static const struct uevent_row {
	const char *name;
	const char *text;
	const char *meaning; /* driver, id, subsystem id, class, modalias; NULL for -EINVAL */
} uevent_rows[] = {
	{ "a device with driver", "DRIVER=e1000e\n" NIC,
	  "e1000e 8086:10d3 8086:0000 020000 " NIC_MODALIAS },
	{ "a device without driver", NIC, " 8086:10d3 8086:0000 020000 " NIC_MODALIAS },
	{ "no last newline", "PCI_ID=8086:10D3\nPCI_CLASS=C0330",
	  " 8086:10d3 0000:0000 0c0330 " XHCI_MODALIAS },
	{ "unknown keys and lines without a key", "FOO=bar\n\nnonsense\n" MINIMAL,
	  " 10de:2684 0000:0000 030000 " MINIMAL_MODALIAS },
	{ "an equals sign in a value", "MODALIAS=a=b\n" MINIMAL,
	  " 10de:2684 0000:0000 030000 " MINIMAL_MODALIAS },
	{ "the longest driver name", "DRIVER=" NAME_OF_47 "\n" MINIMAL,
	  NAME_OF_47 " 10de:2684 0000:0000 030000 " MINIMAL_MODALIAS },
	{ "a driver name too long", "DRIVER=" NAME_OF_47 "8\n" MINIMAL, NULL },
	{ "empty", "", NULL },
	{ "no class", "PCI_ID=8086:10D3\n", NULL },
	{ "no id", "PCI_CLASS=20000\n", NULL },
	{ "a class that is none", "PCI_CLASS=2000g\nPCI_ID=8086:10D3\n", NULL },
	{ "an empty class", "PCI_CLASS=\nPCI_ID=8086:10D3\n", NULL },
	{ "a class too long", "PCI_CLASS=123456789\nPCI_ID=8086:10D3\n", NULL },
	{ "an id that is none", "PCI_CLASS=20000\nPCI_ID=8086-10D3\n", NULL },
	{ "an id too long", "PCI_CLASS=20000\nPCI_ID=8086:10D3:1\n", NULL },
	{ "an id too short", "PCI_CLASS=20000\nPCI_ID=8086:10D\n", NULL },
	{ "a subsystem id that is none", MINIMAL "PCI_SUBSYS_ID=x\n", NULL },
	{ "keys in lower case", "pci_class=20000\npci_id=8086:10D3\n", NULL },
};

static void test_uevent(void **state)
{
	const struct uevent_row *row = *state;
	struct pci_device device = { .group = GROUP_NONE };
	_cleanup_free_ char *text = memory_copy(row->text, strlen(row->text));
	_cleanup_free_ char *meaning = NULL, *modalias = NULL;
	int r = device_parse_uevent(&device, text);

	modalias = device_modalias(&device);
	meaning = memory_printf("%s %04x:%04x %04x:%04x %06x %s", device.driver, device.vendor,
				device.device, device.subvendor, device.subdevice, device.class,
				modalias);
	device_free(&device);
	assert_int_equal(r, row->meaning ? 0 : -EINVAL);
	if (row->meaning)
		assert_string_equal(meaning, row->meaning);
}

/* The first 4096 bytes of any kind must not do harm; the sanitizers watch. */
static void test_hostile_uevents(void **state)
{
	static const char *const pieces[] = {
		"DRIVER=", "PCI_CLASS=", "PCI_ID=", "MODALIAS=", "=",
		"\n",      "\xff",       ":",       "8086",      "PCI_SUBSYS_ID="
	};
	unsigned random = 1;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		struct pci_device device = { .group = GROUP_NONE };
		char text[512] = "";

		for (int i = 0; i < 20; i++) {
			random = random * 1103515245 + 12345;
			strcat(text, pieces[(random >> 16) % ARRAY_SIZE(pieces)]);
		}
		assert_in_range(device_parse_uevent(&device, text) + EINVAL, 0, EINVAL);
		assert_true(strlen(device.driver) < PCI_DRIVER_SIZE);
		device_free(&device);
	}
}

static const struct link_row {
	const char *target;
	const char *path; /* NULL: none */
} link_rows[] = {
	{ "../../../devices/pci0000:00/0000:00:02.0", "pci0000:00/02.0" },
	{ "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0", "pci0000:00/01.0/00.0" },
	{ "../../../devices/pci0000:00/0000:00:1c.4/0000:02:00.0/0000:03:03.0/0000:04:00.1",
	  "pci0000:00/1c.4/00.0/03.0/00.1" },
	{ "../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0/10000:e1:00.0",
	  "pci0000:00/0e.0/pci10000:e0/06.0/00.0" }, /* Intel VMD */
	{ "../../../devices/pci0000:80/0000:80:1f.7", "pci0000:80/1f.7" },
	{ "../../../devices/platform/soc/fd500000.pcie/pci0000:00/0000:00:00.0",
	  "pci0000:00/00.0" },
	{ "../../../devices/LNXSYSTM:00/device:00/pci0001:00/0001:00:01.0", "pci0001:00/01.0" },
	{ "../../../devices/platform/serial8250", NULL },
	{ "", NULL },
};

static void test_path_from_link(void **state)
{
	const struct link_row *row = *state;
	_cleanup_free_ char *path = device_path_from_link(row->target);

	if (row->path)
		assert_string_equal(path, row->path);
	else
		assert_null(path);
}

static const struct directory_row {
	const char *name;
	const char *target;
	const char *file; /* its uevent */
} directory_rows[] = {
	{ "as the kernel links", "../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0",
	  "sys/devices/pci0000:00/0000:00:01.0/0000:01:00.0/uevent" },
	{ "a link to something else", "../../../../etc",
	  "sys/bus/pci/devices/0000:01:00.0/uevent" },
	{ "no link", NULL, "sys/bus/pci/devices/0000:01:00.0/uevent" },
};

static void test_file(void **state)
{
	const struct directory_row *row = *state;
	struct pci_device device = { .address.bus = 1 };
	char path[DEVICE_FILE_SIZE];

	if (row->target)
		device.directory = device_directory_from_link(row->target);
	assert_string_equal(device_file(&device, "uevent", path), row->file);
	device_free(&device);
}

/* Deeper than anything that is: then the short way is taken. */
static void test_deep_file(void **state)
{
	struct pci_device device = { .address.bus = 1 };
	char deep[DEVICE_FILE_SIZE], path[DEVICE_FILE_SIZE];

	(void)state;
	memset(deep, 'a', sizeof(deep));
	deep[sizeof(deep) - sizeof("/uevent")] = '\0';
	device.directory = deep;
	assert_int_equal(strlen(device_file(&device, "uevent", path)), DEVICE_FILE_SIZE - 1);
	assert_string_equal(device_file(&device, "driver_override", path),
			    "sys/bus/pci/devices/0000:01:00.0/driver_override");
}

static const struct class_row {
	const char *name;
	uint32_t class;
	bool is_infrastructure;
} class_rows[] = {
	{ "host bridge", 0x060000, true },
	{ "ISA bridge", 0x060100, true },
	{ "PCI bridge", 0x060400, true },
	{ "other bridge", 0x068000, true },
	{ "SMBus", 0x0c0500, true },
	{ "xHCI", 0x0c0330, false },
	{ "VGA", 0x030000, false },
	{ "NVMe", 0x010802, false },
	{ "serial port of interface 05", 0x070005, false },
	{ "nothing that is known", 0x000000, false },
};

static void test_infrastructure(void **state)
{
	const struct class_row *row = *state;
	const struct pci_device device = { .class = row->class };

	assert_int_equal(device_is_infrastructure(&device), row->is_infrastructure);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "uevent", test_uevent, uevent_rows);
	suite_add(&suite, "uevent: hostile ones", test_hostile_uevents);
	suite_add_rows(&suite, "path", test_path_from_link, link_rows);
	suite_add_rows(&suite, "file", test_file, directory_rows);
	suite_add(&suite, "file: a deep one", test_deep_file);
	suite_add_rows(&suite, "infrastructure", test_infrastructure, class_rows);
	return suite_run(&suite, "facts_device");
}
