/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What conditions can ask of a machine: want/ has the questions, facts/ the answers. A new field of
 * the firmware is a row here and in trait.c.
 */
#ifndef PASSTHRU_UTIL_TRAIT_H
#define PASSTHRU_UTIL_TRAIT_H

enum trait {
	/* Of SMBIOS, as the files in /sys/class/dmi/id are called */
	TRAIT_SYS_VENDOR,
	TRAIT_PRODUCT_NAME,
	TRAIT_PRODUCT_VERSION,
	TRAIT_PRODUCT_FAMILY,
	TRAIT_PRODUCT_SKU,
	TRAIT_PRODUCT_SERIAL,
	TRAIT_PRODUCT_UUID,
	TRAIT_BOARD_VENDOR,
	TRAIT_BOARD_NAME,
	TRAIT_BOARD_VERSION,
	TRAIT_BOARD_SERIAL,
	TRAIT_BIOS_VENDOR,
	TRAIT_BIOS_VERSION,
	TRAIT_CHASSIS_ASSET_TAG,
	TRAIT_COMPATIBLE, /* of the device tree's root */
	TRAIT_CMDLINE,    /* parameters of the kernel command line */
	TRAIT_ARCHITECTURE,
	TRAIT_VIRTUALIZATION,
	TRAIT_PLATFORM,
	TRAIT_DEVICE, /* which PCI devices there are; no text */
	TRAIT_COUNT,
};

/* The key of a rule by which TRAIT is asked for: "match-firmware". */
const char *trait_key(enum trait trait);

/* The first trait that KEY asks for; TRAIT_COUNT for what is no key of a condition. */
enum trait trait_find_key(const char *key);

/* What that key calls a field of the firmware, "sys_vendor"; NULL for what is no such field. */
const char *trait_field(enum trait trait);

/* The field of the firmware that NAME, of LENGTH bytes, is; TRAIT_COUNT for any other. */
enum trait trait_find_field(const char *name, unsigned long length);

#endif
