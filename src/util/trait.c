/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/trait.h"

#include <string.h>

static const char *const fields[TRAIT_COUNT] = {
	[TRAIT_SYS_VENDOR] = "sys_vendor",
	[TRAIT_PRODUCT_NAME] = "product_name",
	[TRAIT_PRODUCT_VERSION] = "product_version",
	[TRAIT_PRODUCT_FAMILY] = "product_family",
	[TRAIT_PRODUCT_SKU] = "product_sku",
	[TRAIT_PRODUCT_SERIAL] = "product_serial",
	[TRAIT_PRODUCT_UUID] = "product_uuid",
	[TRAIT_BOARD_VENDOR] = "board_vendor",
	[TRAIT_BOARD_NAME] = "board_name",
	[TRAIT_BOARD_VERSION] = "board_version",
	[TRAIT_BOARD_SERIAL] = "board_serial",
	[TRAIT_BIOS_VENDOR] = "bios_vendor",
	[TRAIT_BIOS_VERSION] = "bios_version",
	[TRAIT_CHASSIS_ASSET_TAG] = "chassis_asset_tag",
	[TRAIT_COMPATIBLE] = "compatible",
};

const char *trait_key(enum trait trait)
{
	switch (trait) {
	case TRAIT_CMDLINE:
		return "match-kernel-command-line";
	case TRAIT_ARCHITECTURE:
		return "match-architecture";
	case TRAIT_VIRTUALIZATION:
		return "match-virtualization";
	case TRAIT_PLATFORM:
		return "match-platform";
	case TRAIT_DEVICE:
		return "match-device";
	default:
		return "match-firmware";
	}
}

enum trait trait_find_key(const char *key)
{
	unsigned trait = 0;

	while (trait < TRAIT_COUNT && strcmp(trait_key((enum trait)trait), key) != 0)
		trait++;
	return (enum trait)trait;
}

const char *trait_field(enum trait trait)
{
	return fields[trait];
}

enum trait trait_find_field(const char *name, unsigned long length)
{
	unsigned trait = 0;

	while (trait < TRAIT_COUNT && !(fields[trait] && strlen(fields[trait]) == length &&
					memcmp(fields[trait], name, length) == 0))
		trait++;
	return (enum trait)trait;
}
