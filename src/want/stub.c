/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/stub.h"

#include <string.h>

#include "util/cleanup.h"

static const struct stub stubs[] = {
	{
		.name = "vfio-pci",
		.module = "vfio-pci",
		.driver = "vfio-pci",
		.host = STUB_NOT_IN_DOM0, /* it insists on iommu_groups, which a PV dom0 lacks */
		.is_vfio = true,
		.leaves_dma = true,
	},
	{
		.name = "xen-pciback",
		.module = "xen-pciback",
		.driver = "pciback",
		.host = STUB_ONLY_IN_DOM0,
		.lists_slots = true,
		.is_slow = true,
		/* Our claims say what it takes, and one bad group would keep it from loading. */
		.load_options = "hide=",
	},
	{
		.name = "pci-stub",
		.module = "pci-stub",
		.driver = "pci-stub",
		.host = STUB_ANYWHERE,
		.leaves_dma = true,
	},
};

const struct stub *stub_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (strcmp(stubs[i].name, name) == 0)
			return &stubs[i];
	}
	return NULL;
}

const struct stub *stub_find_driver(const char *driver)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (strcmp(stubs[i].driver, driver) == 0)
			return &stubs[i];
	}
	return NULL;
}

const struct stub *stub_default(bool in_dom0)
{
	return stub_find(in_dom0 ? "xen-pciback" : "vfio-pci");
}
