/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/settings.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

const char *settings_value(const struct decision *decision, enum setting setting)
{
	return decision->settings ? decision->settings[setting].value : NULL;
}

bool settings_have(const struct decision *decision, enum setting_time time)
{
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (settings_value(decision, i) && setting_kind(i)->time == time)
			return true;
	}
	return false;
}

bool settings_have_node(const struct decision *decision)
{
	return settings_value(decision, SETTING_OWNER) || settings_value(decision, SETTING_MODE);
}

/* That it is to be set, which is told of each at first, is so no more: the last one says why. */
static void replace_finding(struct findings *findings, const char *told)
{
	struct finding *last = &findings->items[findings->count - 1];

	for (struct finding *its = findings->items; its < last; its++) {
		if (its->code != FINDING_SETTING || !streq(its->text, told))
			continue;
		free(its->text);
		*its = *last;
		findings->count--;
		return;
	}
}

void settings_drop(struct decision *decision, enum setting setting, enum finding_code code,
		   const char *what, const char *reason)
{
	struct decision_setting *its = &decision->settings[setting];
	_cleanup_free_ char *told =
		memory_printf("%s = %s", setting_kind(setting)->key, its->value);

	findings_add(&decision->findings, code, "%s: %s %s", told, what, reason);
	replace_finding(&decision->findings, told);
	free(its->value);
	free(its->former);
	*its = (struct decision_setting){ 0 };
}

/* All members of a group have one node. */
static bool differs_in_group(const struct plan *plan, const struct decision *decision,
			     enum setting setting)
{
	const struct device_list members = groups_members(&plan->groups, decision->device->group);
	const char *value = decision->rule->settings.values[setting], *others;

	for_each_member(member, members)
	{
		const struct decision *other = plan_find(plan, *member);

		if (!other || other->verdict != VERDICT_TAKE)
			continue;
		others = other->rule->settings.values[setting];
		if (!others || !streq(others, value))
			return true;
	}
	return false;
}

static void judge(struct decision *decision, const struct plan *plan, enum setting setting)
{
	bool is_of_node = setting_is_of_node(setting);

	if (is_of_node && !decision->stub->is_vfio)
		settings_drop(decision, setting, FINDING_SETTING_UNSUPPORTED,
			      "there are no nodes in /dev with", decision->driver);
	else if (is_of_node && differs_in_group(plan, decision, setting))
		settings_drop(decision, setting, FINDING_SETTING_FAILED, "another rule differs",
			      "for its IOMMU group");
	else if (setting == SETTING_REBAR && decision->device->framebuffer &&
		 !decision->releases_framebuffer)
		settings_drop(decision, setting, FINDING_SETTING_FAILED,
			      "the kernel would unbind the firmware framebuffer",
			      decision->device->framebuffer);
	else
		findings_add(&decision->findings, FINDING_SETTING, "%s = %s",
			     setting_kind(setting)->key, settings_value(decision, setting));
}

void settings_judge(struct decision *decision, const struct plan *plan)
{
	const struct device_settings *settings = &decision->rule->settings;

	if (decision->verdict != VERDICT_TAKE || !device_settings_given(settings))
		return;
	decision->settings = memory_new(SETTING_COUNT, sizeof(*decision->settings));
	for (enum setting i = 0; i < SETTING_COUNT; i++) {
		if (!settings->values[i])
			continue;
		decision->settings[i].value = memory_dup(settings->values[i]);
		judge(decision, plan, i);
	}
}
