/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/device.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define CLASS_BASE_BRIDGE   0x06
#define CLASS_BASE_STORAGE  0x01
#define CLASS_BASE_NETWORK  0x02
#define CLASS_BASE_DISPLAY  0x03
#define CLASS_VGA           0x0300
#define CLASS_SD_HOST       0x0805
#define CLASS_FIBRE_CHANNEL 0x0c04
#define CLASS_OTHER_BRIDGE  0x0680
#define CLASS_SMBUS         0x0c05
#define CLASS_USB           0x0c03

/* "8086:10D3" */
static int parse_id_pair(const char *text, uint16_t *ret_vendor, uint16_t *ret_device)
{
	uint32_t vendor, device;

	if (strlen(text) != 9 || text[4] != ':')
		return -EINVAL;
	if (parse_hex(text, 4, &vendor) < 0 || parse_hex(text + 5, 4, &device) < 0)
		return -EINVAL;
	*ret_vendor = (uint16_t)vendor;
	*ret_device = (uint16_t)device;
	return 0;
}

static int parse_driver(struct pci_device *device, const char *value)
{
	/* It becomes part of paths, and is printed. */
	if (strlen(value) >= sizeof(device->driver) || strchr(value, '/') || *value == '.' ||
	    !text_is_plain(value))
		return -EINVAL;
	strcpy(device->driver, value);
	return 0;
}

static int parse_line(struct pci_device *device, const char *key, const char *value)
{
	if (streq(key, "DRIVER"))
		return parse_driver(device, value);
	if (streq(key, "PCI_CLASS"))
		return parse_hex(value, strlen(value), &device->class);
	if (streq(key, "PCI_ID"))
		return parse_id_pair(value, &device->vendor, &device->device);
	if (streq(key, "PCI_SUBSYS_ID"))
		return parse_id_pair(value, &device->subvendor, &device->subdevice);
	return 0;
}

int device_parse_uevent(struct pci_device *device, char *text)
{
	bool has_class = false, has_id = false;

	for (char *line; (line = strsep(&text, "\n"));) {
		char *value = *line == 'D' || *line == 'P' ? strchr(line, '=') : NULL;

		if (!value)
			continue; /* what begins otherwise is none of ours */
		*value++ = '\0';
		if (parse_line(device, line, value) < 0)
			return -EINVAL;
		has_class |= streq(line, "PCI_CLASS");
		has_id |= streq(line, "PCI_ID");
	}
	return has_class && has_id ? 0 : -EINVAL;
}

char *device_path_from_link(const char *target)
{
	const char *start = strstr(target, "/pci");
	char *rest, *path, *out;

	if (!start)
		return NULL;
	/* In place: no hop gets longer. */
	path = rest = out = memory_dup(start + 1);
	do {
		char *hop = strsep(&rest, "/");
		struct pci_address address;
		char name[ADDRESS_SIZE];
		size_t length;

		if (address_parse(hop, &address) == 0)
			hop = strchr(strchr(address_format(&address, name), ':') + 1, ':') + 1;
		if (out != path)
			*out++ = '/';
		length = strlen(hop);
		memmove(out, hop, length);
		out += length;
	} while (rest);
	*out = '\0';
	return path;
}

char *device_directory_from_link(const char *target)
{
	const char *devices = strstr(target, "/devices/");

	char *directory;

	if (!devices)
		return NULL;
	directory = memory_new(strlen("sys") + strlen(devices) + 1, 1);
	stpcpy(stpcpy(directory, "sys"), devices);
	return directory;
}

char *device_file(const struct pci_device *device, const char *attribute,
		  char buffer[static DEVICE_FILE_SIZE])
{
	const char *directory = device->directory;
	char *end = buffer;

	if (directory && strlen(directory) + strlen(attribute) + sizeof("/") <= DEVICE_FILE_SIZE) {
		end = stpcpy(buffer, directory);
	} else {
		end = stpcpy(buffer, PCI_DEVICES "/");
		end += strlen(address_format(&device->address, end));
	}
	stpcpy(stpcpy(end, "/"), attribute);
	return buffer;
}

int device_parent_from_link(const char *target, struct pci_address *ret)
{
	const char *end = strrchr(target, '/');
	_cleanup_free_ char *above = NULL;
	const char *parent;

	if (!end)
		return -ENOENT;
	above = memory_copy(target, (size_t)(end - target));
	parent = strrchr(above, '/');
	return parent && address_parse(parent + 1, ret) == 0 ? 0 : -ENOENT;
}

static char *put_upper_hex(char *out, uint32_t value, unsigned digits)
{
	char *end = text_put_hex(out, value, digits);

	for (; out < end; out++) {
		if (*out >= 'a')
			*out = (char)(*out - 'a' + 'A');
	}
	return end;
}

char *device_modalias(const struct pci_device *device)
{
	static const char keys[][sizeof("pci:v")] = { "pci:v", "d", "sv", "sd", "bc", "sc", "i" };
	const uint32_t values[] = {
		device->vendor,
		device->device,
		device->subvendor,
		device->subdevice,
		device->class >> 16 & 0xff,
		device->class >> 8 & 0xff,
		device->class & 0xff,
	};
	char text[sizeof("pci:vXXXXXXXXdXXXXXXXXsvXXXXXXXXsdXXXXXXXXbcXXscXXiXX")];
	char *out = text;

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		out = put_upper_hex(stpcpy(out, keys[i]), values[i], i < 4 ? 8 : 2);
	return memory_dup(text);
}

bool device_is_infrastructure(const struct pci_device *device)
{
	return device->class >> 16 == CLASS_BASE_BRIDGE || device->class >> 8 == CLASS_SMBUS;
}

bool device_is_other_bridge(const struct pci_device *device)
{
	return device->class >> 8 == CLASS_OTHER_BRIDGE;
}

bool device_is_storage(const struct pci_device *device)
{
	return device->class >> 16 == CLASS_BASE_STORAGE || device->class >> 8 == CLASS_SD_HOST ||
	       device->class >> 8 == CLASS_FIBRE_CHANNEL;
}

bool device_is_usb(const struct pci_device *device)
{
	return device->class >> 8 == CLASS_USB;
}

bool device_is_display(const struct pci_device *device)
{
	return device->class >> 16 == CLASS_BASE_DISPLAY;
}

bool device_is_vga(const struct pci_device *device)
{
	return device->class >> 8 == CLASS_VGA;
}

bool device_is_network(const struct pci_device *device)
{
	return device->class >> 16 == CLASS_BASE_NETWORK;
}

void device_note(struct pci_device *device, enum unread kind, const char *what, int error)
{
	if (!device->unread[kind])
		device->unread[kind] =
			memory_printf("could not read %s: %s", what, strerror(-error));
}

void device_free(struct pci_device *device)
{
	for (size_t i = 0; i < UNREAD_COUNT; i++)
		free(device->unread[i]);
	free(device->path);
	free(device->framebuffer);
	free(device->framebuffer_driver);
	free(device->directory);
	free(device->variant_module);
	free(device->iommu_unit);
	free(device->used_by);
}
