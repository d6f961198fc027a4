/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/node_rules.h"

#include <errno.h>
#include <string.h>

#include "plan/settings.h"
#include "plan/udev_rules.h"
#include "system/command.h"
#include "system/file.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define RELOAD_TIMEOUT_MS 5000
#define OUTPUT_MAX        4096

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

/* By itself udev looks for new rules every few seconds only (systemd/src/udev/udev-manager.c). */
static void have_udev_read(const struct root *root)
{
	static const char *const arguments[] = { "udevadm", "control", "--reload", NULL };
	_cleanup_free_ char *output = NULL;

	if (!root->is_confined)
		command_output(arguments, RELOAD_TIMEOUT_MS, OUTPUT_MAX, &output);
}

void node_rules_write(const struct root *root, struct plan *plan)
{
	bool is_written = false;

	if (root_exists(root, UDEV_DIRECTORY) == -ENOENT)
		return;
	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_TAKE && settings_have_node(decision))
			is_written |= write_rules(root, decision);
	}
	if (is_written)
		have_udev_read(root);
}

void node_rules_remove(const struct root *root, const struct pci_device *device)
{
	_cleanup_free_ char *name = rules_name(device);
	_cleanup_free_ char *path = memory_printf(RULES_DIRECTORY "/%s", name);

	root_remove(root, path);
}
