/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/node.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "system/file.h"
#include "util/memory.h"
#include "util/text.h"

#define NODES     "dev/vfio/"
#define NODE_SIZE 64

/* One setting of one or two nodes. */
struct access {
	const struct root *root;
	bool is_mode;
	uint32_t first, second; /* the mode; or user and group */
	void (*visit)(struct access *access, const char *path);
	int error;       /* of the last that failed; -ENOENT before the first */
	char *different; /* what one has that is other than this; or NULL */
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

static void look(struct access *access, const char *path)
{
	struct root_status status;
	int r = root_read_status(access->root, path, &status);

	if (r == -ENOENT)
		return;
	if (r < 0 || access->error == -ENOENT)
		access->error = r;
	if (r < 0 || access->different || holds(access, &status))
		return;
	if (access->is_mode)
		access->different = memory_printf("0%03o", status.mode);
	else
		access->different = memory_printf("%u:%u", status.user, status.group);
}

/* "vfio0" */
static int visit_device_node(const char *name, void *context)
{
	struct access *access = context;
	char path[NODE_SIZE];

	if ((size_t)snprintf(path, sizeof(path), NODES "devices/%s", name) < sizeof(path))
		access->visit(access, path);
	return 0;
}

static struct access visit_nodes(const struct root *root, const struct pci_device *device,
				 enum setting setting, const char *value,
				 void (*visit)(struct access *access, const char *path))
{
	struct access access = { root, setting == SETTING_MODE, .visit = visit, .error = -ENOENT };
	char path[DEVICE_FILE_SIZE], *end;

	access.first = (uint32_t)strtoull(value, &end, access.is_mode ? 8 : 10);
	if (!access.is_mode)
		access.second = (uint32_t)strtoull(end + 1, NULL, 10);

	if (device->group != GROUP_NONE) {
		text_put_number(stpcpy(path, NODES), device->group);
		visit(&access, path);
	}
	root_each_entry(root, device_file(device, "vfio-dev", path), visit_device_node, &access);
	return access;
}

int node_set_owner(const struct root *root, const struct pci_device *device, enum setting setting,
		   const char *value)
{
	return visit_nodes(root, device, setting, value, set).error;
}

int node_read_owner(const struct root *root, const struct pci_device *device, enum setting setting,
		    const char *value, char **ret)
{
	const struct access access = visit_nodes(root, device, setting, value, look);

	if (access.error == 0)
		*ret = access.different ? access.different : memory_dup(value);
	else
		free(access.different);
	return access.error;
}
