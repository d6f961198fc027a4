/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/rule.h"

#include <stdlib.h>
#include <string.h>

#include "util/memory.h"

#define RULE_NAME_MAX 64

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
	if (options->hotplug == CHOICE_UNSET)
		options->hotplug = parent->hotplug;
}

void settings_inherit(struct options *settings, const struct options *parent)
{
	options_inherit(settings, parent);
	if (!settings->has_root_grace) {
		settings->has_root_grace = parent->has_root_grace;
		settings->root_grace_s = parent->root_grace_s;
	}
	if (settings->trial == TRIAL_UNSET)
		settings->trial = parent->trial;
	if (!settings->trial_tries)
		settings->trial_tries = parent->trial_tries;
	if (!settings->confirm_within_s)
		settings->confirm_within_s = parent->confirm_within_s;
}

struct rule rule_make(enum rule_kind kind, const char *name, const char *origin)
{
	return (struct rule){
		.kind = kind,
		.name = memory_dup(name),
		.origin = memory_dup(origin),
	};
}

const char *rule_kind_word(enum rule_kind kind)
{
	return kind == RULE_SRIOV ? "sriov" : "device";
}

/* What a [device] rule cannot say. */
static char *check_no_vfs(const struct rule *rule)
{
	if (rule->vfs)
		return memory_printf("makes no virtual functions: vfs is for [sriov NAME]");
	if (rule->pf_up != CHOICE_UNSET)
		return memory_printf("makes no virtual functions: pf-up is for [sriov NAME]");
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		if (rule->lists.of[i].count)
			return memory_printf("makes no virtual functions: %s is for [sriov NAME]",
					     vf_setting_word(i));
	}
	return NULL;
}

/* What [sriov] alone can say, and what it must. */
static char *complete_vfs(struct rule *rule)
{
	uint32_t vfs = rule->vfs;

	if (rule->kind == RULE_DEVICE)
		return check_no_vfs(rule);
	if (!vfs)
		return memory_printf("does not say how many: give it vfs = N");
	if (!rule->selector.vf.count)
		rule->selector.vf = vf_set_of_all(vfs);
	if (vf_set_highest(&rule->selector.vf) >= vfs)
		return memory_printf("takes vf = %u, but of vfs = %u the last is %u",
				     vf_set_highest(&rule->selector.vf), vfs, vfs - 1);
	return vf_lists_check(&rule->lists, &rule->selector.vf);
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

void rule_free(struct rule *rule)
{
	free(rule->name);
	free(rule->origin);
	free(rule->entry);
	free(rule->standing_why);
	free(rule->owner_origin);
	device_settings_free(&rule->settings);
	conditions_free(&rule->conditions);
	selector_free(&rule->selector);
	vf_lists_free(&rule->lists);
}

void rules_free(struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++)
		rule_free(&rules[i]);
	free(rules);
}
