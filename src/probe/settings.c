/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/settings.h"

#include <errno.h>
#include <string.h>

#include "system/file.h"
#include "util/memory.h"
#include "util/text.h"

#define VALUE_SIZE 256
#define MIB_SHIFT  20

char *setting_file(const struct pci_device *device, enum setting setting, const char *value,
		   char buffer[static DEVICE_FILE_SIZE])
{
	device_file(device, setting_kind(setting)->file, buffer);
	if (setting == SETTING_REBAR)
		*strrchr(buffer, 'N') = *value;
	return buffer;
}

/* The size of the file `resourceN`, which is beside PATH (linux/drivers/pci/pci-sysfs.c). */
static int read_bar(const struct root *root, char *path, const char *value, char **ret)
{
	struct root_status status;
	int r = root_exists(root, path);

	*strrchr(path, '_') = '\0';
	if (r == 0)
		r = root_read_status(root, path, &status);
	if (r == 0)
		*ret = rebar_format((unsigned)(*value - '0'),
				    (unsigned)__builtin_ctzll(status.size >> MIB_SHIFT |
							      1ULL << 29));
	return r;
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
