/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is set of a device now (Linux Documentation/ABI/testing/sysfs-bus-pci, sysfs-devices-power).
 */
#ifndef PASSTHRU_PROBE_SETTINGS_H
#define PASSTHRU_PROBE_SETTINGS_H

#include "facts/device.h"
#include "system/root.h"
#include "want/setting.h"

/* The file of SETTING of DEVICE for a VALUE, which names the BAR. Returns BUFFER. */
char *setting_file(const struct pci_device *device, enum setting setting, const char *value,
		   char buffer[static DEVICE_FILE_SIZE]);

/*
 * The value that SETTING of DEVICE has now, where it is to be VALUE or was, in the form of
 * setting_parse(), or what the kernel says where that is none. Negative errno; -ENOENT where the
 * kernel or the device has no such setting. The caller frees *RET. Not for the owner and the mode.
 */
int setting_read(const struct root *root, const struct pci_device *device, enum setting setting,
		 const char *value, char **ret);

#endif
