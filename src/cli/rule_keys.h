/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The keys of a rule that a command has as options. */
#ifndef PASSTHRU_CLI_RULE_KEYS_H
#define PASSTHRU_CLI_RULE_KEYS_H

#include "cli/command.h"
#include "want/keys.h"
#include "want/rule.h"

/* What a device is bound with: keys that add and assign have as options. */
struct device_keys {
	const char *driver, *group, *iommu, *allow, *permissive;
	const char *reset_method, *d3cold, *power_control, *rebar, *owner, *mode;
};

/* The row of one key, for the MEMBER of a command's struct TYPE; what else it has comes last. */
#define KEY_OPTION(type, member, key, value, text, ...)                        \
	{                                                                      \
		.name = key, .argument = value, .kind = OPTION_KEY,            \
		.offset = offsetof(type, member), .meaning = text, __VA_ARGS__ \
	}

/* The rows of these keys, for the member `keys`. */
#define DEVICE_KEY_OPTIONS(type)                                                         \
	KEY_OPTION(type, keys.driver, "driver", "DRIVER", "which driver",                \
		   .list_values = key_list_drivers),                                     \
		KEY_OPTION(type, keys.group, "group", "POLICY",                          \
			   "other devices of the IOMMU group: listed, whole or refuse"), \
		KEY_OPTION(type, keys.iommu, "iommu", "POLICY",                          \
			   "without an IOMMU that translates its DMA: require or warn"), \
		KEY_OPTION(type, keys.allow, "allow", "WORDS",                           \
			   "override the guards: storage, network, console"),            \
		KEY_OPTION(type, keys.permissive, "permissive", "WORD",                  \
			   "for xen-pciback: yes or no"),                                \
		KEY_OPTION(type, keys.reset_method, "reset-method", "METHODS",           \
			   "reset methods in their order, such as flr+bus"),             \
		KEY_OPTION(type, keys.d3cold, "d3cold", "WORD",                          \
			   "let the device enter D3cold: yes or no"),                    \
		KEY_OPTION(type, keys.power_control, "power-control", "WORD",            \
			   "runtime power management: on (none) or auto"),               \
		KEY_OPTION(type, keys.rebar, "rebar", "BAR:SIZE",                        \
			   "size of a resizable BAR, such as 1:16G"),                    \
		KEY_OPTION(type, keys.owner, "owner", "USER[:GROUP]",                    \
			   "who owns the device's nodes in /dev/vfio"),                  \
		KEY_OPTION(type, keys.mode, "mode", "MODE",                              \
			   "permissions of these nodes, such as 0660")

/*
 * Set in RULE what the options of CALL give its keys. -EINVAL for a bad value, which is said, with
 * the exit status in CALL.
 */
int rule_keys_set(struct call *call, struct rule *rule);

/* The same as lines of passthru.conf(5). The caller frees it. */
char *rule_keys_text(const struct call *call);

/* At least one was given. */
bool rule_keys_given(const struct call *call);

#endif
