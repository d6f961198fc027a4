/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/framebuffer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>

#include "util/cleanup.h"
#include "util/text.h"

/* A line of /proc/iomem, "  c0000000-c0ffffff : 0000:00:05.0" (linux/kernel/resource.c r_show). */
struct region {
	uint64_t first, last;
	char name[ADDRESS_SIZE]; /* "" when it is longer than an address, and nothing that is looked
				    for */
};

bool framebuffer_is_name(const char *name)
{
	/* linux/drivers/firmware/sysfb.c, sysfb_simplefb.c */
	static const char *const names[] = { "efi-framebuffer.", "vesa-framebuffer.",
					     "simple-framebuffer." };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strncmp(name, names[i], strlen(names[i])) == 0)
			return true;
	}
	return false;
}

/* What these drivers call the memory that they have; BOOTFB is the device's own. */
static bool is_framebuffer(const struct region *region)
{
	static const char *const names[] = { "efifb",    "efidrm",    "vesafb", "vesadrm",
					     "simplefb", "simpledrm", "BOOTFB" };

	return text_is_one_of(region->name, names, ARRAY_SIZE(names));
}

/* The region of the line at TEXT; false for a line that is none. */
static bool read_region(const char *text, struct region *ret)
{
	char *end;
	size_t length;

	ret->first = strtoull(text, &end, 16);
	if (end == text || *end != '-')
		return false;
	ret->last = strtoull(end + 1, &end, 16);
	if (strncmp(end, " : ", 3) != 0)
		return false;
	end += 3;
	length = strcspn(end, "\n");
	if (length >= sizeof(ret->name))
		length = 0;
	memcpy(ret->name, end, length);
	ret->name[length] = '\0';
	return true;
}

/* The next region of the text at *NEXT; false at its end. */
static bool next_region(const char **next, struct region *ret)
{
	while (*next) {
		const char *line = *next, *end = strchr(line, '\n');

		*next = end ? end + 1 : NULL;
		if (read_region(line, ret))
			return true;
	}
	return false;
}

static bool is_bar_of(const struct region *bar, const struct pci_address *only,
		      const struct region *memory, struct pci_address *ret)
{
	return bar->first <= memory->first && memory->last <= bar->last &&
	       address_parse(bar->name, ret) == 0 && (!only || address_compare(only, ret) == 0);
}

static int find_bar(const char *iomem, const struct pci_address *only, const struct region *memory,
		    struct pci_address *ret)
{
	struct region bar;

	if (!memory->first && !memory->last)
		return -EACCES;
	while (next_region(&iomem, &bar)) {
		if (is_bar_of(&bar, only, memory, ret))
			return 1;
	}
	return 0;
}

bool framebuffer_concerns(const char *iomem, const char *line)
{
	struct region region, memory;
	struct pci_address address;

	if (!read_region(line, &region))
		return false;
	while (!is_framebuffer(&region) && next_region(&iomem, &memory)) {
		if (is_framebuffer(&memory) && is_bar_of(&region, NULL, &memory, &address))
			return true;
	}
	return is_framebuffer(&region);
}

int framebuffer_find(const char *iomem, const struct pci_address *only, struct pci_address *ret)
{
	const char *next = iomem;
	struct region region;
	int r = 0;

	while (r == 0 && next_region(&next, &region)) {
		if (is_framebuffer(&region))
			r = find_bar(iomem, only, &region, ret);
	}
	return r;
}
