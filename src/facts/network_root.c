/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/network_root.h"

#include <stddef.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static bool has_prefix(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool network_root_is_remote(const char *value)
{
	static const char *const words[] = {
		"nfs", "nfs4", "dhcp", "dhcp6", "/dev/nfs", "/dev/cifs"
	};
	static const char *const prefixes[] = { "nfs:",   "nfs4:", "nbd:",  "iscsi:",  "fcoe:",
						"nvmf:",  "cifs:", "smb:",  "ssh:",    "http:",
						"https:", "ftp:",  "tftp:", "livenet:" };

	if (text_is_one_of(value, words, ARRAY_SIZE(words)))
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++) {
		if (has_prefix(value, prefixes[i]))
			return true;
	}
	/* live:https://SERVER/IMAGE, squash:http://SERVER/IMAGE and the like */
	return strstr(value, "://") && !strstr(value, "file://");
}

/* A disk of the kernel's own clients. */
static bool is_remote_disk(const char *value)
{
	return has_prefix(value, "/dev/nbd") || has_prefix(value, "/dev/rbd");
}

static bool is_root(const char *value)
{
	return network_root_is_remote(value) || is_remote_disk(value);
}

static bool is_given(const char *value)
{
	return *value;
}

static bool is_nfs(const char *value)
{
	return streq(value, "nfs");
}

/* linux/net/ipv4/ipconfig.c ip_auto_config_setup; initramfs-tools configure_networking */
static bool is_configured(const char *value)
{
	static const char *const off[] = { "", "off", "none" };

	return !text_is_one_of(value, off, ARRAY_SIZE(off));
}

/* dracut's getargbool; "" is true. */
static bool is_switched_on(const char *value)
{
	static const char *const off[] = { "0", "no", "off" };

	return !text_is_one_of(value, off, ARRAY_SIZE(off));
}

static const struct {
	const char *name;
	bool (*asks)(const char *value);
	bool is_switch; /* counts without a value, too */
} parameters[] = {
	{ "root", is_root, false },
	{ "netroot", is_given, false },
	{ "nfsroot", is_given, false },
	{ "cifsroot", is_given, false },
	{ "nbdroot", is_given, false },
	{ "boot", is_nfs, false },
	{ "netboot", is_given, true },
	{ "fetch", is_given, false },
	{ "httpfs", is_given, false },
	{ "ip", is_configured, false },
	{ "rd.neednet", is_switched_on, true },
	{ "iscsi_initiator", is_given, false },
	{ "iscsi_target_name", is_given, false },
	{ "iscsi_auto", is_given, true },
	{ "iscsi_target_ip", is_given, false },
	{ "iscsi_firmware", is_switched_on, true },
	{ "rd.iscsi.initiator", is_given, false },
	{ "rd.iscsi.target.name", is_given, false },
	{ "rd.iscsi.firmware", is_switched_on, true },
	{ "fcoe", is_given, false },
	{ "rd.nvmf.discover", is_given, false },
	{ "rd.systemd.pull", is_given, false },
};

bool network_root_is_asked(const struct parameter *parameter)
{
	for (size_t i = 0; i < ARRAY_SIZE(parameters); i++) {
		if (!streq(parameter->name, parameters[i].name))
			continue;
		return parameter->value ? parameters[i].asks(parameter->value)
					: parameters[i].is_switch;
	}
	return false;
}

bool network_root_find(const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	bool is_found = false, is_of_root = false;
	struct parameter parameter;

	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		if (streq(parameter.name, "root"))
			is_of_root = network_root_is_asked(&parameter);
		else
			is_found |= network_root_is_asked(&parameter);
	}
	return is_found || is_of_root;
}
