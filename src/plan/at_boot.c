/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/at_boot.h"

#include "want/stub.h"

void facts_as_at_boot(struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];

		if (device->driver_is_module || stub_of_driver(device->driver))
			device->driver[0] = '\0';
	}
}
