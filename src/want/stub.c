/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/stub.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

static const struct stub stubs[STUB_COUNT] = {
	{
		.name = "vfio-pci",
		.module = "vfio-pci",
		.driver = "vfio-pci",
		.host = STUB_NOT_IN_DOM0, /* it insists on iommu_groups, which a PV dom0 lacks */
		.is_vfio = true,
		.leaves_dma = true,
		.load_options = "ids=",
	},
	{
		.name = "xen-pciback",
		.module = "xen-pciback",
		.driver = "pciback",
		.host = STUB_ONLY_IN_DOM0,
		.lists_slots = true,
		.is_slow = true,
		.load_options = "hide=", /* one bad group of which would keep it from loading */
	},
	{
		.name = "pci-stub",
		.module = "pci-stub",
		.driver = "pci-stub",
		.host = STUB_ANYWHERE,
		.leaves_dma = true,
		.load_options = "ids=",
	},
};

const struct stub *stub_at(size_t number)
{
	return &stubs[number];
}

const struct stub *stub_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (streq(stubs[i].name, name))
			return &stubs[i];
	}
	return NULL;
}

const struct stub *stub_find_driver(const char *driver)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (streq(stubs[i].driver, driver))
			return &stubs[i];
	}
	return NULL;
}

/* As those of linux/drivers/vfio/pci/ are all called: mlx5_vfio_pci, xe-vfio-pci. */
static bool is_variant(const char *driver)
{
	size_t length = strlen(driver), tail = strlen("_vfio_pci");

	return length > tail && text_parameter_equal(driver + length - tail, "_vfio_pci");
}

const struct stub *stub_of_driver(const char *driver)
{
	return is_variant(driver) ? stub_find("vfio-pci") : stub_find_driver(driver);
}

const struct stub *stub_default(bool in_dom0)
{
	return stub_find(in_dom0 ? "xen-pciback" : "vfio-pci");
}
