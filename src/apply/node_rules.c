/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/node_rules.h"

#include <errno.h>
#include <string.h>

#include "plan/settings.h"
#include "plan/udev_rules.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* After 60-passthru.rules, which the boot may have left for the same device: the last one counts.
 */
static char *rules_name(const struct pci_device *device)
{
	char address[ADDRESS_SIZE];
	char *name =
		memory_printf("61-passthru-%s.rules", address_format(&device->address, address));

	for (char *c = name; (c = strchr(c, ':'));)
		*c = '-';
	return name;
}

static bool write_rules(const struct root *root, struct decision *decision)
{
	_cleanup_free_ char *name = rules_name(decision->device);
	_cleanup_free_ char *rules = udev_rules_of_nodes(decision);
	int r = root_replace_file(root, RULES_DIRECTORY, name, rules);

	if (r < 0)
		findings_add(&decision->findings, FINDING_SETTING_FAILED,
			     "could not write /" RULES_DIRECTORY "/%s: %s", name, strerror(-r));
	return r == 0;
}

bool node_rules_write(const struct root *root, struct plan *plan)
{
	bool is_written = false;

	if (root_exists(root, UDEV_DIRECTORY) == -ENOENT)
		return false;
	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_TAKE && settings_have_node(decision))
			is_written |= write_rules(root, decision);
	}
	return is_written;
}

void node_rules_remove(const struct root *root, const struct pci_device *device)
{
	_cleanup_free_ char *name = rules_name(device);
	_cleanup_free_ char *path = memory_printf(RULES_DIRECTORY "/%s", name);

	root_remove(root, path);
}
