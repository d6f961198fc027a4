/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The attributes of the PCI bus that bind drivers (Linux Documentation/ABI/testing/sysfs-bus-pci).
 * Writes there may report success when nothing happened; the caller reads back what it claims.
 */
#ifndef PASSTHRU_APPLY_SYSFS_H
#define PASSTHRU_APPLY_SYSFS_H

#include "facts/device.h"
#include "system/root.h"

/* No override: what driver_override is to be written, and what it then reads. */
#define OVERRIDE_CLEAR   "\n"
#define OVERRIDE_CLEARED "(null)"

/* The override of a device that no driver is to have; no driver is called so (as driverctl's). */
#define HOLD_OVERRIDE "none"

/*
 * Write OVERRIDE to driver_override of DEVICE and see whether the kernel holds WANTED then. Blocks
 * while the kernel holds the device's lock. 0, or a negative errno; -EIO when it holds another.
 */
int sysfs_set_override(const struct root *root, const struct pci_device *device,
		       const char *override, const char *wanted);

/* Whether DEVICE has a driver_override now, or that cannot be read: it may be somebody's. */
bool sysfs_has_override(const struct root *root, const struct pci_device *device);

/* The driver that has DEVICE now, in BUFFER; "" for none. Never blocks. */
int sysfs_read_driver(const struct root *root, const struct pci_device *device,
		      char buffer[static DRIVER_NAME_SIZE]);

/* Whether DRIVER has DEVICE now. */
bool sysfs_has_driver(const struct root *root, const struct pci_device *device, const char *driver);

/* Whether a driver called DRIVER is loaded or built in. */
bool sysfs_driver_exists(const struct root *root, const char *driver);

/* Write the address of DEVICE to PATH: `bind` and `unbind` of a driver, `drivers_probe`. */
int sysfs_write_address(const struct root *root, const struct pci_device *device, const char *path);
int sysfs_bind(const struct root *root, const struct pci_device *device, const char *driver);
int sysfs_unbind(const struct root *root, const struct pci_device *device, const char *driver);

/*
 * Take the ids of DEVICE, or its address, off the list by which DRIVER takes devices without an
 * override. -ENODEV or another negative errno when that is not on it.
 */
int sysfs_forget_id(const struct root *root, const struct pci_device *device, const char *driver);
int sysfs_forget_slot(const struct root *root, const struct pci_device *device, const char *driver);

/*
 * Have udev told of the device as if it had come now (linux/drivers/base/core.c uevent_store).
 * Negative errno.
 */
int sysfs_announce(const struct root *root, const struct pci_device *device);

/* Have the kernel look for a driver for DEVICE. Success does not say that one was found. */
int sysfs_probe(const struct root *root, const struct pci_device *device);

#endif
