/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sysfs says of one device: its uevent, and where its link leads. */
#include "fuzz.h"

#include <string.h>

#include "facts/device.h"
#include "util/memory.h"
#include "want/selector.h"

static void check_uevent(const char *text)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	_cleanup_free_ char *modalias = NULL;
	struct pci_device device = { .group = GROUP_NONE };

	if (device_parse_uevent(&device, copy) < 0)
		return;
	must(strstr(text, "PCI_CLASS=") && strstr(text, "PCI_ID="), "uevent", "%s", text);
	must(fuzz_is_plain(device.driver) && !strchr(device.driver, '/') && *device.driver != '.',
	     "uevent-driver", "%s", device.driver);
	must(device.vendor <= 0xffff && device.device <= 0xffff && device.subvendor <= 0xffff &&
		     device.subdevice <= 0xffff,
	     "uevent-range", "%s", text);
	modalias = device_modalias(&device);
	must(strncmp(modalias, "pci:v0000", 9) == 0, "uevent", "%s", modalias);
}

static void check_link(const char *target)
{
	_cleanup_free_ char *path = device_path_from_link(target);
	_cleanup_free_ char *directory = device_directory_from_link(target);
	struct pci_device device = { .path = path, .directory = directory };
	char file[DEVICE_FILE_SIZE];
	struct pci_address parent;

	if (path)
		must(strlen(path) <= strlen(target) && strncmp(path, "pci", 3) == 0, "link-path",
		     "%s becomes %s", target, path);
	if (directory)
		must(strncmp(directory, "sys/devices/", 12) == 0, "link-directory", "%s",
		     directory);
	device_file(&device, "driver_override", file);
	must(strncmp(file, "sys/", 4) == 0 && strstr(file, "/driver_override"), "link-file", "%s",
	     file);
	if (device_parent_from_link(target, &parent) == 0)
		must(strchr(target, ':'), "link-parent", "%s", target);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *uevent = fuzz_part(&data, &size);
	_cleanup_free_ char *target = fuzz_text(data, size);

	check_uevent(uevent);
	check_link(target);
}

static const char *const seeds[] = {
	"DRIVER=e1000e\nPCI_CLASS=20000\nPCI_ID=8086:10D3\nPCI_SUBSYS_ID=8086:0000\n%%\n"
	"../../../devices/pci0000:00/0000:00:01.0/0000:01:00.0",
	"PCI_CLASS=C0330\nPCI_ID=1B36:000D\n%%\n"
	"../../../devices/pci0000:00/0000:00:0e.0/pci10000:e0/10000:e0:06.0",
	NULL
};
static const char *const words[] = { "DRIVER=",        "PCI_CLASS=",    "PCI_ID=",
				     "PCI_SUBSYS_ID=", "%%\n",          "/devices/",
				     "/pci0000:00",    "/0000:00:01.0", NULL };

FUZZ_TARGET(uevent, .run = run, .seeds = seeds, .words = words, .size_max = 1024)
