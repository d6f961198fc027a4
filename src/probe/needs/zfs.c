/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/zfs.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "facts/tables.h"
#include "system/command.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define TIMEOUT_MS   10000
#define OUTPUT_LIMIT (1024 * 1024)

static void add_device(const struct table_row *row, void *context)
{
	if (strncmp(row->fields[0], "/dev/", strlen("/dev/")) == 0)
		names_add_once(context, row->fields[0]);
}

void zfs_parse_status(const char *text, struct names *ret)
{
	table_each_row(text, add_device, ret);
}

int zfs_find_devices(const struct root *root, const char *dataset, struct names *ret)
{
	_cleanup_free_ char *pool = memory_copy(dataset, strcspn(dataset, "/"));
	const char *const command[] = { "zpool", "status", "-LP", pool, NULL };
	_cleanup_free_ char *text = NULL;
	int r;

	if (root->is_confined)
		return -EXDEV;
	/* Pools begin with a letter (zpool-create(8)); what does not might be an option. */
	if (!isalpha((unsigned char)*pool))
		return -EINVAL;
	r = command_output(command, TIMEOUT_MS, OUTPUT_LIMIT, &text);
	if (r == 0)
		zfs_parse_status(text, ret);
	return r;
}
