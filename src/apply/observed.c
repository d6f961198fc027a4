/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/observed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "apply/sysfs.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"
#include "want/vf.h"

/* The first that could not be read is told. */
static void note_unread(struct observed *observed, const char *path, int error)
{
	if (error >= 0 || error == -ENOENT || observed->error)
		return;
	observed->error = error;
	snprintf(observed->unread, sizeof(observed->unread), "%s", path);
}

/* Without a list of devices, none of them is gone. */
static void read_presence(const struct root *root, const char *path, struct observed *observed)
{
	int r = root_exists(root, path), of_all;

	observed->is_present = r == 0;
	note_unread(observed, path, r);
	if (r != -ENOENT)
		return;
	of_all = root_exists(root, PCI_DEVICES);
	if (of_all < 0)
		*observed = (struct observed){ .error = of_all, .unread = PCI_DEVICES };
}

static void read_driver(const struct root *root, const struct pci_device *device,
			struct observed *observed)
{
	char path[DEVICE_FILE_SIZE];
	int r = sysfs_read_driver(root, device, observed->driver);

	note_unread(observed, device_file(device, "driver", path), r);
	if (observed->error || !text_is_plain(observed->driver))
		strcpy(observed->driver, "?");
}

static void read_override(const struct root *root, const struct pci_device *device,
			  struct observed *observed)
{
	char path[DEVICE_FILE_SIZE];
	int r = root_read_attribute(root, device_file(device, "driver_override", path),
				    observed->override, sizeof(observed->override));

	note_unread(observed, path, r);
}

static void read_vfs(const struct root *root, const struct pci_device *device,
		     struct observed *observed)
{
	char path[DEVICE_FILE_SIZE], vfs[16];
	int r = root_read_attribute(root, device_file(device, "sriov_numvfs", path), vfs,
				    sizeof(vfs));

	if (r >= 0)
		r = parse_decimal(vfs, VF_COUNT_MAX, &observed->vfs);
	note_unread(observed, path, r);
}

void observed_read(const struct root *root, const struct pci_address *address, struct observed *ret)
{
	const struct pci_device device = { .address = *address };
	char path[DEVICE_FILE_SIZE];

	*ret = (struct observed){ 0 };
	device_file(&device, "", path);
	*strrchr(path, '/') = '\0';
	read_presence(root, path, ret);
	read_driver(root, &device, ret);
	read_override(root, &device, ret);
	read_vfs(root, &device, ret);
}

char *observed_error(const struct observed *observed)
{
	if (!observed->error)
		return NULL;
	return memory_printf("could not read /%s: %s", observed->unread,
			     strerror(-observed->error));
}

bool observed_fits(const struct observed *observed, const struct recorded *recorded)
{
	const char *driver = recorded->driver;
	bool has_stub = streq(observed->driver, driver);

	switch (recorded->state) {
	case STATE_BOUND:
		return has_stub;
	case STATE_READY:
		return has_stub && (!recorded->vfs || observed->vfs == recorded->vfs);
	case STATE_CLAIMED:
		return has_stub || (!observed->driver[0] && streq(observed->override, driver));
	case STATE_HELD:
		return observed->is_present && !observed->driver[0] &&
		       streq(observed->override, HOLD_OVERRIDE);
	case STATE_UNKNOWN:
		return false;
	case STATE_PLANNED:
	case STATE_REFUSED:
	case STATE_ABSENT:
	case STATE_FAILED:
	case STATE_RETURNED:
	case STATE_WAITING:
		break;
	}
	return true; /* with any driver */
}

bool observed_is_configured(const struct observed *observed, const struct recorded *recorded)
{
	if (recorded->vfs && recorded->state != STATE_READY)
		return false;
	return *recorded->driver && streq(observed->driver, recorded->driver);
}

char *observed_text(const struct observed *observed, const struct recorded *recorded)
{
	const char *driver = observed->driver[0] ? observed->driver : "no driver";

	if (!observed->is_present && !observed->error)
		return memory_printf("gone");
	if (!recorded->vfs)
		return memory_printf("%s", driver);
	if (observed->error)
		return memory_printf("%s, ? VFs", driver);
	return memory_printf("%s, %u VFs", driver, observed->vfs);
}
