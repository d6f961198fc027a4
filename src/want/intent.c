/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/intent.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define RULE_NAME_MAX 64
#define COUNT_MAX     65536
#define GRACE_MAX_S   3600

struct word {
	const char *text;
	int value;
};

/* A key whose value is one of a few words, kept as an enum at OFFSET of struct options. */
struct word_key {
	const char *key;
	size_t offset;
	const struct word *words;
	const char *expected;
};

static const struct word iommu_words[] = { { "require", IOMMU_REQUIRE },
					   { "warn", IOMMU_WARN },
					   { NULL, 0 } };
static const struct word group_words[] = { { "listed", GROUP_LISTED },
					   { "whole", GROUP_WHOLE },
					   { "refuse", GROUP_REFUSE },
					   { NULL, 0 } };
static const struct word failure_words[] = { { "host", FAILURE_HOST },
					     { "hold", FAILURE_HOLD },
					     { NULL, 0 } };

static const struct word hotplug_words[] = { { "yes", HOTPLUG_YES },
					     { "no", HOTPLUG_NO },
					     { NULL, 0 } };

static const struct word_key word_keys[] = {
	{ "iommu", offsetof(struct options, iommu), iommu_words, "require or warn" },
	{ "group", offsetof(struct options, group), group_words, "listed, whole or refuse" },
	{ "on-failure", offsetof(struct options, on_failure), failure_words, "host or hold" },
	{ "hotplug", offsetof(struct options, hotplug), hotplug_words, "yes or no" },
};

static int set_word(struct options *options, const struct word_key *key, const char *value,
		    const char **ret_expected)
{
	unsigned *slot = (unsigned *)((char *)options + key->offset);

	if (*slot)
		return -EEXIST;
	for (const struct word *word = key->words; word->text; word++) {
		if (strcmp(word->text, value) == 0) {
			*slot = (unsigned)word->value;
			return 0;
		}
	}
	*ret_expected = key->expected;
	return -EINVAL;
}

static int set_driver(struct options *options, const char *value, const char **ret_expected)
{
	if (options->driver != DRIVER_UNSET)
		return -EEXIST;
	if (strcmp(value, "auto") == 0) {
		options->driver = DRIVER_AUTO;
		return 0;
	}
	options->stub = stub_find(value);
	if (!options->stub) {
		*ret_expected = "auto, vfio-pci, xen-pciback or pci-stub";
		return -EINVAL;
	}
	options->driver = DRIVER_STUB;
	return 0;
}

int options_set(struct options *options, const char *key, const char *value,
		const char **ret_expected)
{
	if (strcmp(key, "driver") == 0)
		return set_driver(options, value, ret_expected);
	for (size_t i = 0; i < ARRAY_SIZE(word_keys); i++) {
		if (strcmp(word_keys[i].key, key) == 0)
			return set_word(options, &word_keys[i], value, ret_expected);
	}
	return -ENOENT;
}

static int set_root_grace(struct options *settings, const char *value, const char **ret_expected)
{
	if (settings->has_root_grace)
		return -EEXIST;
	*ret_expected = "seconds from 0 to 3600; with 0 nothing is given back";
	settings->has_root_grace = true;
	return parse_decimal(value, GRACE_MAX_S, &settings->root_grace_s) < 0 ? -EINVAL : 0;
}

int settings_set(struct options *settings, const char *key, const char *value,
		 const char **ret_expected)
{
	if (strcmp(key, "root-grace") == 0)
		return set_root_grace(settings, value, ret_expected);
	return options_set(settings, key, value, ret_expected);
}

void options_inherit(struct options *options, const struct options *parent)
{
	if (options->driver == DRIVER_UNSET) {
		options->driver = parent->driver;
		options->stub = parent->stub;
	}
	if (options->iommu == IOMMU_UNSET)
		options->iommu = parent->iommu;
	if (options->group == GROUP_UNSET)
		options->group = parent->group;
	if (options->on_failure == FAILURE_UNSET)
		options->on_failure = parent->on_failure;
	if (options->hotplug == HOTPLUG_UNSET)
		options->hotplug = parent->hotplug;
}

void settings_inherit(struct options *settings, const struct options *parent)
{
	options_inherit(settings, parent);
	if (!settings->has_root_grace) {
		settings->has_root_grace = parent->has_root_grace;
		settings->root_grace_s = parent->root_grace_s;
	}
}

static int set_address(struct rule *rule, const char *value)
{
	if (rule->selector.has_address)
		return -EEXIST;
	rule->selector.has_address = true;
	return address_pattern_parse(value, &rule->selector.address);
}

static int set_path(struct rule *rule, const char *value)
{
	if (rule->selector.path)
		return -EEXIST;
	rule->selector.path = memory_copy(value, strlen(value));
	return path_check(value);
}

static int set_id(struct rule *rule, const char *value)
{
	if (rule->selector.has_id)
		return -EEXIST;
	rule->selector.has_id = true;
	return id_pattern_parse(value, &rule->selector.id);
}

static int set_class(struct rule *rule, const char *value)
{
	if (rule->selector.has_class)
		return -EEXIST;
	rule->selector.has_class = true;
	return class_pattern_parse(value, &rule->selector.class);
}

static int set_count(struct rule *rule, const char *value)
{
	if (rule->count)
		return -EEXIST;
	if (parse_decimal(value, COUNT_MAX, &rule->count) < 0 || rule->count == 0)
		return -EINVAL;
	return 0;
}

static int set_vfs(struct rule *rule, const char *value)
{
	if (rule->vfs)
		return -EEXIST;
	if (parse_decimal(value, VF_COUNT_MAX, &rule->vfs) < 0 || rule->vfs == 0)
		return -EINVAL;
	return 0;
}

static int set_vf(struct rule *rule, const char *value)
{
	if (rule->selector.vf.count)
		return -EEXIST;
	return vf_set_parse(value, &rule->selector.vf);
}

static int set_permissive(struct rule *rule, const char *value)
{
	if (rule->permissive != PERMISSIVE_UNSET)
		return -EEXIST;
	if (strcmp(value, "yes") == 0)
		rule->permissive = PERMISSIVE_YES;
	else if (strcmp(value, "no") == 0)
		rule->permissive = PERMISSIVE_NO;
	else
		return -EINVAL;
	return 0;
}

static unsigned allow_bit(const char *word)
{
	static const char *const words[] = { "storage", "network", "console" };

	for (unsigned i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i], word) == 0)
			return 1u << i;
	}
	return 0;
}

/* On the kernel command line commas separate keys, so there a plus does it. */
static int set_allow(struct rule *rule, const char *value)
{
	_cleanup_free_ char *copy = memory_copy(value, strlen(value));
	char *rest = copy;

	if (rule->allow)
		return -EEXIST;
	for (char *word; (word = strsep(&rest, ", +"));) {
		unsigned bit = allow_bit(word);

		if (*word && !bit)
			return -EINVAL;
		rule->allow |= bit;
	}
	return rule->allow ? 0 : -EINVAL;
}

static const struct {
	const char *key;
	int (*set)(struct rule *rule, const char *value);
	const char *expected;
} rule_keys[] = {
	{ "address", set_address,
	  "[domain:]bus:slot.function as `passthru list` prints it, such as 0000:01:00.0 or 0000:01:00.*" },
	{ "path", set_path,
	  "a host bridge and slot.function hop by hop, such as pci0000:00/01.0/00.0" },
	{ "id", set_id,
	  "vendor:device[:subvendor:subdevice] in hexadecimal, fields may be *, such as 10de:2684" },
	{ "class", set_class, "2, 4 or 6 hexadecimal digits, such as 0300" },
	{ "count", set_count, "a number from 1 to 65536" },
	{ "vfs", set_vfs, "a number from 1 to 65535" },
	{ "vf", set_vf, "numbers of virtual functions, each once, such as 0-3,6" },
	{ "permissive", set_permissive, "yes or no" },
	{ "allow", set_allow, "storage, network, console, or several of them" },
};

int rule_set(struct rule *rule, const char *key, const char *value, const char **ret_expected)
{
	for (size_t i = 0; i < ARRAY_SIZE(rule_keys); i++) {
		if (strcmp(rule_keys[i].key, key) == 0) {
			*ret_expected = rule_keys[i].expected;
			return rule_keys[i].set(rule, value);
		}
	}
	return options_set(&rule->options, key, value, ret_expected);
}

const char *rule_kind_word(enum rule_kind kind)
{
	return kind == RULE_SRIOV ? "sriov" : "device";
}

/* What [sriov] alone can say, and what it must. */
static char *complete_vfs(struct rule *rule)
{
	uint32_t vfs = rule->vfs;

	if (rule->kind == RULE_DEVICE)
		return vfs ? memory_printf("makes no virtual functions: vfs is for [sriov NAME]")
			   : NULL;
	if (!vfs)
		return memory_printf("does not say how many: give it vfs = N");
	if (!rule->selector.vf.count)
		rule->selector.vf = vf_set_of_all(vfs);
	if (vf_set_highest(&rule->selector.vf) >= vfs)
		return memory_printf("takes vf = %u, but of vfs = %u the last is %u",
				     vf_set_highest(&rule->selector.vf), vfs, vfs - 1);
	return NULL;
}

char *rule_complete(struct rule *rule)
{
	if (selector_is_empty(&rule->selector))
		return memory_printf("selects nothing: give it an address, path, id or class");
	return complete_vfs(rule);
}

bool rule_name_is_valid(const char *name)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t length = strlen(name);

	return length >= 1 && length <= RULE_NAME_MAX && strspn(name, allowed) == length;
}

struct rule *intent_add_rule(struct intent *intent, enum rule_kind kind, const char *name,
			     const char *origin)
{
	struct rule *rule;

	intent->rules = memory_grow(intent->rules, intent->rule_count, sizeof(*rule));
	rule = &intent->rules[intent->rule_count++];
	rule->kind = kind;
	rule->name = memory_copy(name, strlen(name));
	rule->origin = memory_copy(origin, strlen(origin));
	return rule;
}

struct rule *intent_find_rule(const struct intent *intent, const char *name)
{
	for (size_t i = 0; i < intent->rule_count; i++) {
		if (strcmp(intent->rules[i].name, name) == 0)
			return &intent->rules[i];
	}
	return NULL;
}

void intent_free(struct intent *intent)
{
	for (size_t i = 0; i < intent->rule_count; i++) {
		free(intent->rules[i].name);
		free(intent->rules[i].origin);
		free(intent->rules[i].entry);
		selector_free(&intent->rules[i].selector);
	}
	for (size_t i = 0; i < intent->skip_count; i++)
		free(intent->skip[i]);
	free(intent->rules);
	free(intent->skip);
	findings_free(&intent->findings);
	*intent = (struct intent){ 0 };
}
