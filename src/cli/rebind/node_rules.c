/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/node_rules.h"

#include <errno.h>
#include <string.h>

#include "plan/settings.h"
#include "plan/udev_rules.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

static char *rules_name(const struct pci_device *device)
{
	char address[ADDRESS_SIZE];
	char *name =
		memory_printf("60-passthru-%s.rules", address_format(&device->address, address));

	for (char *c = name; (c = strchr(c, ':'));)
		*c = '-';
	return name;
}

void node_rules_write(const struct root *root, struct decision *decision)
{
	_cleanup_free_ char *name = rules_name(decision->device), *rules = NULL;
	int r = root_exists(root, UDEV_DIRECTORY);

	if (!settings_have_node(decision) || r == -ENOENT)
		return;
	rules = udev_rules_of_nodes(decision);
	if (r == 0)
		r = root_replace_file(root, RULES_DIRECTORY, name, rules);
	if (r < 0)
		findings_add(&decision->findings, FINDING_SETTING_FAILED,
			     "could not write /" RULES_DIRECTORY "/%s: %s", name, strerror(-r));
}

void node_rules_remove(const struct root *root, const struct pci_device *device)
{
	_cleanup_free_ char *name = rules_name(device);
	_cleanup_free_ char *path = memory_printf(RULES_DIRECTORY "/%s", name);

	root_remove(root, path);
}
