/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/heal.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"

#define CLASS_USB 0x0c03

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

static bool is_network_root(const char *value)
{
	static const char *const prefixes[] = {
		"nfs",  "/dev/nfs",  "nbd:",     "iscsi:", "fcoe:", "cifs:", "smb:",
		"dhcp", "live:http", "live:nfs", "ssh:",   "http:", "https:"
	};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (has_prefix(value, prefixes[i]))
			return true;
	}
	return false;
}

static bool is_network_parameter(const struct parameter *parameter)
{
	static const char *const names[] = { "netroot",         "nfsroot", "ip",
					     "iscsi_initiator", "nbdroot", "rd.nvmf.discover" };

	if (!parameter->value)
		return false;
	if (strcmp(parameter->name, "root") == 0)
		return is_network_root(parameter->value);
	if (strcmp(parameter->name, "rd.neednet") == 0)
		return strcmp(parameter->value, "0") != 0;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (strcmp(parameter->name, names[i]) == 0)
			return true;
	}
	return false;
}

bool heal_root_is_on_network(const char *text)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct parameter parameter;
	char *rest = copy;
	bool found = false;

	while ((rest = parameter_next(rest, &parameter)))
		found |= is_network_parameter(&parameter);
	return found;
}

bool heal_concerns(const struct decision *decision, bool on_network)
{
	const struct pci_device *device = decision->device;
	bool may_have_disks;

	if (decision->verdict != VERDICT_TAKE && decision->verdict != VERDICT_HOLD)
		return false;
	may_have_disks = device_is_storage(device) || device->class >> 8 == CLASS_USB;
	return (may_have_disks && !(decision->rule->allow & ALLOW_STORAGE)) ||
	       (on_network && device_is_network(device) &&
		!(decision->rule->allow & ALLOW_NETWORK));
}
