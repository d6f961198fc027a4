/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/stub.h"

#include <string.h>

#include "util/cleanup.h"

static const struct stub stubs[] = {
	{ "vfio-pci", "vfio-pci", "vfio-pci", "vfio-pci.ids" },
	{ "pci-stub", "pci-stub", "pci-stub", "pci-stub.ids" },
};

const struct stub *stub_at(size_t index)
{
	return index < ARRAY_SIZE(stubs) ? &stubs[index] : NULL;
}

const struct stub *stub_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(stubs); i++) {
		if (strcmp(stubs[i].name, name) == 0)
			return &stubs[i];
	}
	return NULL;
}

const struct stub *stub_default(void)
{
	return &stubs[0];
}
