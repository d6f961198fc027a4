/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/sysfs.h"

#include <errno.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

int sysfs_set_override(const struct root *root, const struct pci_device *device,
		       const char *override, const char *wanted)
{
	char path[DEVICE_FILE_SIZE], now[DRIVER_NAME_SIZE];
	int written;
	int r = root_write_and_read(root, device_file(device, "driver_override", path), override,
				    now, sizeof(now), &written);

	if (r < 0)
		return r;
	if (streq(now, wanted))
		return 0;
	return written < 0 ? written : -EIO;
}

int sysfs_read_driver(const struct root *root, const struct pci_device *device,
		      char buffer[static DRIVER_NAME_SIZE])
{
	char link[DEVICE_FILE_SIZE];
	int r = root_link_name(root, device_file(device, "driver", link), buffer, DRIVER_NAME_SIZE);

	if (r == -ENOENT) {
		buffer[0] = '\0';
		return 0;
	}
	return r < 0 ? r : 0;
}

bool sysfs_has_driver(const struct root *root, const struct pci_device *device, const char *driver)
{
	char now[DRIVER_NAME_SIZE];

	return sysfs_read_driver(root, device, now) == 0 && streq(now, driver);
}

bool sysfs_driver_exists(const struct root *root, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s", driver);

	return *driver && root_exists(root, path) == 0;
}

int sysfs_write_address(const struct root *root, const struct pci_device *device, const char *path)
{
	char name[ADDRESS_SIZE];

	return root_write(root, path, address_format(&device->address, name));
}

bool sysfs_has_override(const struct root *root, const struct pci_device *device)
{
	char path[DEVICE_FILE_SIZE], now[DRIVER_NAME_SIZE];
	int r = root_read_attribute(root, device_file(device, "driver_override", path), now,
				    sizeof(now));

	return r < 0 ? r != -ENOENT : !streq(now, OVERRIDE_CLEARED);
}

int sysfs_bind(const struct root *root, const struct pci_device *device, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s/bind", driver);

	return sysfs_write_address(root, device, path);
}

int sysfs_unbind(const struct root *root, const struct pci_device *device, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s/unbind", driver);

	return sysfs_write_address(root, device, path);
}

int sysfs_forget_id(const struct root *root, const struct pci_device *device, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s/remove_id", driver);
	_cleanup_free_ char *ids = memory_printf("%x %x", device->vendor, device->device);

	return root_write(root, path, ids);
}

int sysfs_forget_slot(const struct root *root, const struct pci_device *device, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(PCI_DRIVERS "/%s/remove_slot", driver);

	return sysfs_write_address(root, device, path);
}

int sysfs_announce(const struct root *root, const struct pci_device *device)
{
	char path[DEVICE_FILE_SIZE];

	return root_write(root, device_file(device, "uevent", path), "add");
}

int sysfs_probe(const struct root *root, const struct pci_device *device)
{
	return sysfs_write_address(root, device, "sys/bus/pci/drivers_probe");
}
