/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/text.h"

#define VALUE_SIZE    256
#define RESOURCE_SIZE 4096 /* a page, as of all attributes */
#define MIB_SHIFT     20

char *setting_file(const struct pci_device *device, enum setting setting, const char *value,
		   char buffer[static DEVICE_FILE_SIZE])
{
	device_file(device, setting_kind(setting)->file, buffer);
	if (setting == SETTING_REBAR)
		*strrchr(buffer, 'N') = *value;
	return buffer;
}

/*
 * The size of BAR NUMBER by TEXT, the attribute `resource` (linux/drivers/pci/pci-sysfs.c
 * resource_show): for each BAR a line of its first and last address; 0 where it has none.
 */
static uint64_t bar_size(const char *text, unsigned number)
{
	uint64_t first, last;
	char *end;

	while (number-- && text && *text)
		text = strchr(text + 1, '\n');
	if (!text)
		return 0;
	first = strtoull(text, &end, 16);
	last = strtoull(end, NULL, 16);
	return last > first ? last - first + 1 : 0;
}

/* A file beside that at PATH, by which it is resized, has its size. */
static int read_bar(const struct root *root, char *path, const char *value, char **ret)
{
	unsigned number = (unsigned)(*value - '0');
	char text[RESOURCE_SIZE];
	uint64_t size;
	int r = root_exists(root, path);

	strcpy(strrchr(path, '/'), "/resource");
	if (r == 0)
		r = root_read(root, path, text, sizeof(text));
	if (r < 0)
		return r;
	size = bar_size(text, number) >> MIB_SHIFT;
	if (!size)
		return -ENODATA;
	*ret = rebar_format(number, (unsigned)__builtin_ctzll(size | 1ULL << 29));
	return 0;
}

int setting_read(const struct root *root, const struct pci_device *device, enum setting setting,
		 const char *value, char **ret)
{
	char path[DEVICE_FILE_SIZE], text[VALUE_SIZE];
	int r;

	setting_file(device, setting, value, path);
	if (setting == SETTING_REBAR)
		return read_bar(root, path, value, ret);
	r = root_read_attribute(root, path, text, sizeof(text));
	if (r < 0)
		return r;
	if (setting_kind(setting)->is_switch)
		strcpy(text, *text == '1' ? "yes" : "no");
	*ret = memory_dup(text);
	return 0;
}
