/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/observed.h"

#include <string.h>

#include "apply/sysfs.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"
#include "want/vf.h"

void observed_read(const struct root *root, const struct pci_address *address, struct observed *ret)
{
	const struct pci_device device = { .address = *address };
	char path[DEVICE_FILE_SIZE], vfs[16];

	device_file(&device, "", path);
	*strrchr(path, '/') = '\0';
	*ret = (struct observed){ .is_present = root_exists(root, path) == 0 };
	sysfs_read_driver(root, &device, ret->driver);
	if (!text_is_plain(ret->driver))
		strcpy(ret->driver, "?");
	root_read_attribute(root, device_file(&device, "driver_override", path), ret->override,
			    sizeof(ret->override));
	if (root_read_attribute(root, device_file(&device, "sriov_numvfs", path), vfs,
				sizeof(vfs)) >= 0)
		parse_decimal(vfs, VF_COUNT_MAX, &ret->vfs);
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

	if (!observed->is_present)
		return memory_printf("gone");
	if (!recorded->vfs)
		return memory_printf("%s", driver);
	return memory_printf("%s, %u VFs", driver, observed->vfs);
}
