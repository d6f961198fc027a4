/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/stub.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

static const struct stub stubs[] = {
	{
		.name = "vfio-pci",
		.module = "vfio-pci",
		.family = "vfio",
		.driver = "vfio-pci",
		.hypervisor = HYPERVISOR_KVM, /* it wants iommu_groups, which a PV dom0 lacks */
		.is_vfio = true,
		.leaves_dma = true,
		.native_option = "ids",
	},
	{
		.name = "xen-pciback",
		.module = "xen-pciback",
		.aliases = { "pciback" }, /* where it is built in */
		.extra_modules = { "xen-privcmd" },
		.driver = "pciback",
		.hypervisor = HYPERVISOR_XEN,
		.lists_slots = true,
		.is_slow = true,
		.native_option = "hide", /* one bad group of which would keep it from loading */
	},
	{
		.name = "pci-stub",
		.module = "pci-stub",
		.driver = "pci-stub",
		.leaves_dma = true,
		.native_option = "ids",
	},
};

const struct stub *stub_at(size_t number)
{
	return number < ARRAY_SIZE(stubs) ? &stubs[number] : NULL;
}

const char *stub_module_name(const struct stub *stub, size_t number)
{
	if (number == 0)
		return stub->module;
	return number <= STUB_NAMES_MAX ? stub->aliases[number - 1] : NULL;
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

static bool has_module(const struct stub *stub, const char *word)
{
	const char *name;

	for (size_t i = 0; (name = stub_module_name(stub, i)); i++) {
		if (text_parameter_equal(word, name))
			return true;
	}
	return stub->family && text_parameter_starts(word, stub->family, NULL);
}

const struct stub *stub_of_module(const char *word)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (has_module(&stubs[i], word))
			return &stubs[i];
	}
	return NULL;
}

static bool starts_with_module(const char *text, const struct stub *stub)
{
	const char *name;

	for (size_t i = 0; (name = stub_module_name(stub, i)); i++) {
		if (text_parameter_starts(text, name, NULL))
			return true;
	}
	for (size_t i = 0; i < STUB_NAMES_MAX && stub->extra_modules[i]; i++) {
		if (text_parameter_starts(text, stub->extra_modules[i], NULL))
			return true;
	}
	return stub->family && text_parameter_starts(text, stub->family, NULL);
}

bool stub_is_named_in(const char *text)
{
	for (; *text; text++) {
		for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
			if (starts_with_module(text, &stubs[i]))
				return true;
		}
	}
	return false;
}

const struct stub *stub_default(bool in_dom0)
{
	const struct stub *stub = stubs;

	while (stub->hypervisor != (in_dom0 ? HYPERVISOR_XEN : HYPERVISOR_KVM))
		stub++;
	return stub;
}

void stub_list_names(struct names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++)
		names_add(names, stubs[i].name);
}

void stub_list_modules(struct names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		names_add_once(names, stubs[i].module);
		for (size_t e = 0; e < STUB_NAMES_MAX && stubs[i].extra_modules[e]; e++)
			names_add_once(names, stubs[i].extra_modules[e]);
	}
}
