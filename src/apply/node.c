/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system/file.h"
#include "util/text.h"

#define NODES     "dev/vfio/"
#define NODE_SIZE 64

/* One setting of one or two nodes. */
struct access {
	const struct root *root;
	bool is_mode;
	uint32_t first, second; /* the mode; or user and group */
	int error;              /* of the last that failed; -ENOENT before the first */
};

static bool holds(const struct access *access, const struct root_status *status)
{
	return access->is_mode ? status->mode == access->first
			       : status->user == access->first && status->group == access->second;
}

/* The owner last: the mode of what is somebody else's takes more than to give it away. */
static int change(const struct access *access, const char *path, struct root_status *status)
{
	if (access->is_mode) {
		status->mode = access->first;
	} else {
		status->user = access->first;
		status->group = access->second;
	}
	return root_write_status(access->root, path, status);
}

static void set(struct access *access, const char *path)
{
	struct root_status status;
	int r = root_read_status(access->root, path, &status), written = 0;

	if (r == -ENOENT)
		return;
	if (r == 0 && !holds(access, &status)) {
		written = change(access, path, &status);
		r = root_read_status(access->root, path, &status);
	}
	if (r == 0 && !holds(access, &status))
		r = written < 0 ? written : -EIO;
	if (r < 0 || access->error == -ENOENT)
		access->error = r;
}

/* "vfio0" */
static int set_device_node(const char *name, void *context)
{
	char path[NODE_SIZE];

	if ((size_t)snprintf(path, sizeof(path), NODES "devices/%s", name) < sizeof(path))
		set(context, path);
	return 0;
}

int node_set_owner(const struct root *root, const struct pci_device *device, enum setting setting,
		   const char *value)
{
	struct access access = { root, setting == SETTING_MODE, .error = -ENOENT };
	char path[DEVICE_FILE_SIZE], *end;

	access.first = (uint32_t)strtoull(value, &end, access.is_mode ? 8 : 10);
	if (!access.is_mode)
		access.second = (uint32_t)strtoull(end + 1, NULL, 10);

	if (device->group != GROUP_NONE) {
		text_put_number(stpcpy(path, NODES), device->group);
		set(&access, path);
	}
	root_each_entry(root, device_file(device, "vfio-dev", path), set_device_node, &access);
	return access.error;
}
