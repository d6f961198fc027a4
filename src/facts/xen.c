/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/xen.h"

#include <stdint.h>
#include <string.h>

#include "util/parse.h"

#define XENFEAT_DOM0 (1u << 11)

bool xen_is_dom0(const struct root *root)
{
	char text[16];
	uint32_t features;

	if (root_read_attribute(root, "sys/hypervisor/properties/features", text, sizeof(text)) < 0)
		return false;
	return parse_hex(text, strlen(text), &features) == 0 && (features & XENFEAT_DOM0);
}
