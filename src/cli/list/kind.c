/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/kind.h"

#include "util/cleanup.h"
#include "util/text.h"

/* The first row that fits counts: classes of PCI Code and ID Assignment Specification, chapter 1.
 */
static const struct {
	const char *word;
	uint32_t class, mask;
} kinds[] = {
	{ "gpu", 0x030000, 0xff0000 },     { "network", 0x020000, 0xff0000 },
	{ "network", 0x0d0000, 0xff0000 }, { "storage", 0x010000, 0xff0000 },
	{ "storage", 0x080500, 0xffff00 }, { "storage", 0x0c0400, 0xffff00 },
	{ "usb", 0x0c0300, 0xffff00 },     { "firewire", 0x0c0000, 0xffff00 },
	{ "smbus", 0x0c0500, 0xffff00 },   { "audio", 0x040100, 0xffff00 },
	{ "audio", 0x040300, 0xffff00 },   { "media", 0x040000, 0xff0000 },
	{ "memory", 0x050000, 0xff0000 },  { "bridge", 0x060000, 0xff0000 },
	{ "serial", 0x070000, 0xff0000 },  { "system", 0x080000, 0xff0000 },
	{ "input", 0x090000, 0xff0000 },   { "crypto", 0x100000, 0xff0000 },
	{ "signal", 0x110000, 0xff0000 },  { "accel", 0x120000, 0xff0000 },
	{ "accel", 0x0b4000, 0xffff00 },
};

#define OTHER "other"

const char *kind_of(const struct pci_device *device)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if ((device->class & kinds[i].mask) == kinds[i].class)
			return kinds[i].word;
	}
	return OTHER;
}

void kind_list(struct names *names)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		names_add_once(names, kinds[i].word);
	names_add(names, OTHER);
}

bool kind_is_word(const char *word)
{
	_cleanup_(names_free) struct names names = { 0 };

	kind_list(&names);
	return names_has(&names, word);
}
