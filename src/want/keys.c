/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/keys.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/parse.h"
#include "util/pasted.h"
#include "util/text.h"

#define COUNT_MAX   65536
#define GRACE_MAX_S 3600
#define TRIES_MAX   9

enum scope {
	SCOPE_PASSTHRU = 1 << 0,
	SCOPE_RULE = 1 << 1,
};

/* The section whose key is set; RULE is NULL for [passthru]. */
struct target {
	struct rule *rule;
	struct options *options;
	const char *key;
};

/* WORDS are those of an enum, by its values; that which is unset has none. */
#define SET_WORD(target, words, value) set_word(target, words, ARRAY_SIZE(words), value)

static int set_word(unsigned *target, const char *const words[], size_t count, const char *value)
{
	size_t number = text_find(value, words, count);

	if (number == count)
		return -EINVAL;
	*target = (unsigned)number;
	return 0;
}

static int set_choice(enum choice *choice, const char *value)
{
	static const char *const words[] = { [CHOICE_NO] = "no", [CHOICE_YES] = "yes" };

	return SET_WORD(choice, words, value);
}

static int set_iommu(const struct target *target, const char *value)
{
	static const char *const words[] = { [IOMMU_REQUIRE] = "require", [IOMMU_WARN] = "warn" };

	return SET_WORD(&target->options->iommu, words, value);
}

static int set_group(const struct target *target, const char *value)
{
	static const char *const words[] = {
		[GROUP_LISTED] = "listed",
		[GROUP_WHOLE] = "whole",
		[GROUP_REFUSE] = "refuse",
	};

	return SET_WORD(&target->options->group, words, value);
}

static int set_on_failure(const struct target *target, const char *value)
{
	static const char *const words[] = { [FAILURE_HOST] = "host", [FAILURE_HOLD] = "hold" };

	return SET_WORD(&target->options->on_failure, words, value);
}

static int set_hotplug(const struct target *target, const char *value)
{
	return set_choice(&target->options->hotplug, value);
}

static int set_driver(const struct target *target, const char *value)
{
	struct options *options = target->options;

	if (streq(value, "auto")) {
		options->driver = DRIVER_AUTO;
		return 0;
	}
	options->stub = stub_find(value);
	if (!options->stub)
		return -EINVAL;
	options->driver = DRIVER_STUB;
	return 0;
}

void key_list_drivers(struct names *names)
{
	names_add(names, "auto");
	stub_list_names(names);
}

static int set_root_grace(const struct target *target, const char *value)
{
	target->options->has_root_grace = true;
	return parse_decimal(value, GRACE_MAX_S, &target->options->root_grace_s);
}

static int set_trial(const struct target *target, const char *value)
{
	static const char *const words[] = {
		[TRIAL_NO] = "no",
		[TRIAL_BOOT] = "boot",
		[TRIAL_CONFIRM] = "confirm",
	};

	return SET_WORD(&target->options->trial, words, value);
}

/* A number from 1. */
static int set_number(uint32_t *number, const char *value, uint32_t max)
{
	return parse_decimal(value, max, number) == 0 && *number ? 0 : -EINVAL;
}

static int set_trial_tries(const struct target *target, const char *value)
{
	return set_number(&target->options->trial_tries, value, TRIES_MAX);
}

/* In seconds, or in minutes with a "min" behind it. */
static int set_confirm_within(const struct target *target, const char *value)
{
	size_t length = strspn(value, "0123456789");
	_cleanup_free_ char *number = memory_copy(value, length);
	const char *unit = value + length + strspn(value + length, " ");
	uint32_t scale = streq(unit, "min") ? 60 : 1;
	int r = set_number(&target->options->confirm_within_s, number, CONFIRM_MAX_S / scale);

	if (*unit && !streq(unit, "s") && scale == 1)
		return -EINVAL;
	target->options->confirm_within_s *= scale;
	return r;
}

static int set_address(const struct target *target, const char *value)
{
	struct selector *selector = &target->rule->selector;

	selector->has_address = true;
	return address_pattern_parse(value, &selector->address);
}

static int set_path(const struct target *target, const char *value)
{
	target->rule->selector.path = memory_dup(value);
	return path_check(value);
}

static int set_id(const struct target *target, const char *value)
{
	struct selector *selector = &target->rule->selector;

	selector->has_id = true;
	return id_pattern_parse(value, &selector->id);
}

static int set_class(const struct target *target, const char *value)
{
	struct selector *selector = &target->rule->selector;

	selector->has_class = true;
	return class_pattern_parse(value, &selector->class);
}

static int set_vf(const struct target *target, const char *value)
{
	return vf_set_parse(value, &target->rule->selector.vf);
}

static int set_count(const struct target *target, const char *value)
{
	return set_number(&target->rule->count, value, COUNT_MAX);
}

static int set_vfs(const struct target *target, const char *value)
{
	return set_number(&target->rule->vfs, value, VF_COUNT_MAX);
}

static int set_mac(const struct target *target, const char *value)
{
	return vf_list_parse(VF_MAC, value, &target->rule->lists.of[VF_MAC]);
}

static int set_vlan(const struct target *target, const char *value)
{
	return vf_list_parse(VF_VLAN, value, &target->rule->lists.of[VF_VLAN]);
}

static int set_trust(const struct target *target, const char *value)
{
	return vf_list_parse(VF_TRUST, value, &target->rule->lists.of[VF_TRUST]);
}

static int set_spoofchk(const struct target *target, const char *value)
{
	return vf_list_parse(VF_SPOOFCHK, value, &target->rule->lists.of[VF_SPOOFCHK]);
}

static int set_max_tx_rate(const struct target *target, const char *value)
{
	return vf_list_parse(VF_MAX_TX_RATE, value, &target->rule->lists.of[VF_MAX_TX_RATE]);
}

static int set_pf_up(const struct target *target, const char *value)
{
	return set_choice(&target->rule->pf_up, value);
}

static int set_permissive(const struct target *target, const char *value)
{
	return set_choice(&target->rule->permissive, value);
}

static int set_condition(const struct target *target, const char *value)
{
	enum trait trait = trait_find_key(target->key);

	return conditions_parse(trait, value, &target->rule->conditions);
}

static int set_setting(const struct target *target, const char *value)
{
	return setting_parse(target->key, value, &target->rule->settings);
}

/* systemd has such a condition; an initramfs knows only what it had where it was built. */
static int refuse_match(const struct target *target, const char *value)
{
	(void)target, (void)value;
	return -EINVAL;
}

/* On the kernel command line commas separate keys, so there a plus does it. */
static int set_allow(const struct target *target, const char *value)
{
	static const char *const words[] = { "storage", "network", "console" };
	_cleanup_free_ char *copy = memory_dup(value);
	char *rest = copy;

	for (char *word; (word = strsep(&rest, ", +"));) {
		size_t number = text_find(word, words, ARRAY_SIZE(words));

		if (number < ARRAY_SIZE(words))
			target->rule->allow |= 1u << number;
		else if (*word)
			return -EINVAL;
	}
	return target->rule->allow ? 0 : -EINVAL;
}

static const struct key {
	const char *name;
	unsigned scopes;
	int (*set)(const struct target *target, const char *value);
	const char *expected; /* NULL: what key_list_drivers() lists */
} keys[] = {
	{ "address", SCOPE_RULE, set_address,
	  "[domain:]bus:slot.function as `passthru list` prints it, such as 0000:01:00.0 or 0000:01:00.*" },
	{ "path", SCOPE_RULE, set_path,
	  "a host bridge and slot.function hop by hop, such as pci0000:00/01.0/00.0" },
	{ "id", SCOPE_RULE, set_id,
	  "vendor:device[:subvendor:subdevice] in hexadecimal, fields may be *, such as 10de:2684" },
	{ "class", SCOPE_RULE, set_class, "2, 4 or 6 hexadecimal digits, such as 0300" },
	{ "count", SCOPE_RULE, set_count, "a number from 1 to 65536" },
	{ "vfs", SCOPE_RULE, set_vfs, "a number from 1 to 65535" },
	{ "vf", SCOPE_RULE, set_vf, "numbers of virtual functions, each once, such as 0-3,6" },
	{ "mac", SCOPE_RULE, set_mac,
	  "unicast addresses, each once, such as 52:54:00:12:34:56 or 52:54:00:12:34:56-52:54:00:12:34:59" },
	{ "vlan", SCOPE_RULE, set_vlan, "numbers from 0 to 4094, such as 100 or 100-103" },
	{ "trust", SCOPE_RULE, set_trust, "yes or no, for all VFs or for each" },
	{ "spoofchk", SCOPE_RULE, set_spoofchk, "yes or no, for all VFs or for each" },
	{ "max-tx-rate", SCOPE_RULE, set_max_tx_rate,
	  "Mbit/s from 0 to 10000000, for all VFs or for each" },
	{ "pf-up", SCOPE_RULE, set_pf_up, "yes or no" },
	{ "permissive", SCOPE_RULE, set_permissive, "yes or no" },
	{ "allow", SCOPE_RULE, set_allow, "storage, network, console, or several of them" },
	{ "reset-method", SCOPE_RULE, set_setting,
	  "device_specific, acpi, flr, af_flr, pm, bus, cxl_bus, or several of them, each once" },
	{ "d3cold", SCOPE_RULE, set_setting, "yes or no" },
	{ "power-control", SCOPE_RULE, set_setting, "on or auto" },
	{ "rebar", SCOPE_RULE, set_setting, "BAR:SIZE, a power of two, such as 1:16G" },
	{ "owner", SCOPE_RULE, set_setting, "USER, USER:GROUP or :GROUP, names or numbers" },
	{ "mode", SCOPE_RULE, set_setting, "three octal digits, such as 0660" },
	{ "match-firmware", SCOPE_RULE, set_condition,
	  "FIELD:PATTERN, with the fields of /sys/class/dmi/id or compatible, such as sys_vendor:LENOVO" },
	{ "match-kernel-command-line", SCOPE_RULE, set_condition,
	  "NAME or NAME=PATTERN, such as site=fra" },
	{ "match-architecture", SCOPE_RULE, set_condition,
	  "x86-64, arm64 or another word of passthru.conf(5)" },
	{ "match-virtualization", SCOPE_RULE, set_condition, "yes or no" },
	{ "match-platform", SCOPE_RULE, set_condition, "bare or xen-dom0" },
	{ "match-device", SCOPE_RULE, set_condition, "an address, path or id, such as 8086:1572" },
	{ "match-host", SCOPE_RULE, refuse_match,
	  "match-firmware or match-kernel-command-line instead: an initramfs knows no host name but that of the host it was built on" },
	{ "match-machine-id", SCOPE_RULE, refuse_match,
	  "match-firmware (product_uuid, product_serial) instead: an initramfs knows no machine ID but that of the host it was built on" },
	{ "driver", SCOPE_PASSTHRU | SCOPE_RULE, set_driver, NULL },
	{ "iommu", SCOPE_PASSTHRU | SCOPE_RULE, set_iommu, "require or warn" },
	{ "group", SCOPE_PASSTHRU | SCOPE_RULE, set_group, "listed, whole or refuse" },
	{ "on-failure", SCOPE_PASSTHRU | SCOPE_RULE, set_on_failure, "host or hold" },
	{ "hotplug", SCOPE_PASSTHRU | SCOPE_RULE, set_hotplug, "yes or no" },
	{ "root-grace", SCOPE_PASSTHRU, set_root_grace,
	  "seconds from 0 to 3600; with 0 no device is returned to the host" },
	{ "trial", SCOPE_PASSTHRU, set_trial, "boot, confirm or no" },
	{ "trial-tries", SCOPE_PASSTHRU, set_trial_tries, "a number from 1 to 9" },
	{ "confirm-within", SCOPE_PASSTHRU, set_confirm_within,
	  "seconds from 1 to 86400, or minutes such as 10 min" },
};

static_assert(ARRAY_SIZE(keys) <= 64, "each has a bit in struct options, given");

/* A spelling of other programs, as the right one. */
static char *pasted_hint(const char *name, const char *value)
{
	_cleanup_free_ char *plain = pasted_plain(value);
	struct address_pattern address;
	struct id_pattern id;

	if (plain && ((streq(name, "address") && address_pattern_parse(plain, &address) == 0) ||
		      (streq(name, "id") && id_pattern_parse(plain, &id) == 0)))
		return memory_printf("; did you mean '%s'?", plain);
	return memory_dup("");
}

static char *expected_of(const struct key *key, const char *value)
{
	_cleanup_(names_free) struct names names = { 0 };
	_cleanup_free_ char *drivers = NULL, *near = NULL, *pasted = pasted_hint(key->name, value);
	const char *expected = key->expected;

	if (!expected) {
		key_list_drivers(&names);
		drivers = names_text(&names, " or ");
		expected = drivers;
	}
	near = nearest_hint_of_list(value, expected);
	return memory_printf("%s%s%s", expected, near, pasted);
}

/* NAME is no key of SCOPE: it may be one of the other, or be misspelled. */
static char *unknown_hint(enum scope scope, const char *name)
{
	struct nearest nearest = { .text = name };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (streq(keys[i].name, name))
			return memory_printf("; it is a key of %s",
					     scope == SCOPE_RULE ? "[passthru]"
								 : "[device] and [sriov]");
		if (keys[i].scopes & scope)
			nearest_try(&nearest, keys[i].name);
	}
	return nearest_hint(&nearest);
}

static int set(const struct target *target, enum scope scope, const char *name, const char *value,
	       char **ret_expected)
{
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		if (!(keys[i].scopes & scope) || !streq(keys[i].name, name))
			continue;
		if (target->options->given & UINT64_C(1) << i)
			return -EEXIST;
		target->options->given |= UINT64_C(1) << i;
		if (keys[i].set(target, value) == 0)
			return 0;
		*ret_expected = expected_of(&keys[i], value);
		return -EINVAL;
	}
	*ret_expected = unknown_hint(scope, name);
	return -ENOENT;
}

int settings_set(struct options *settings, const char *key, const char *value, char **ret_expected)
{
	const struct target target = { NULL, settings, key };

	return set(&target, SCOPE_PASSTHRU, key, value, ret_expected);
}

int rule_set(struct rule *rule, const char *key, const char *value, char **ret_expected)
{
	const struct target target = { rule, &rule->options, key };

	return set(&target, SCOPE_RULE, key, value, ret_expected);
}
