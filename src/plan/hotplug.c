/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/hotplug.h"

#include <string.h>

#include "plan/match.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* Virtual functions come with their physical one, whose rule sees to them. */
static bool wants_later(const struct rule *rule)
{
	return rule->standing == STANDING_COUNTS && rule->options.hotplug == CHOICE_YES &&
	       !rule->selector.vf.count;
}

static bool names_ids(const struct selector *selector)
{
	return selector->has_id && selector->id.vendor != ID_ANY && selector->id.device != ID_ANY;
}

static bool names_slot(const struct selector *selector)
{
	return selector->has_address && !selector->address.any_slot &&
	       !selector->address.any_function && !selector->means_below_bridges;
}

/* The stub that DECISION is for has got DEVICE from us. */
static bool is_ours(const struct plan *plan, const struct pci_device *device,
		    const struct decision *decision)
{
	const struct decision *other = plan_find(plan, device);

	return other && other->state == STATE_BOUND && strcmp(other->driver, decision->driver) == 0;
}

struct selector hotplug_kind(const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	const struct pci_device *device = decision->device;
	struct selector kind = { .has_id = true };

	if (hotplug_is_of_device(decision)) {
		kind.id = (struct id_pattern){ device->vendor, device->device, ID_ANY, ID_ANY };
		return kind;
	}
	kind.id = selector->id;
	kind.has_class = selector->has_class;
	kind.class = selector->class;
	return kind;
}

static bool host_has_such(const struct plan *plan, const struct decision *decision)
{
	const struct selector kind = hotplug_kind(decision);
	const struct device_list devices = kinds_find(plan_kinds(plan), &kind.id);

	for_each_member(device, devices)
	{
		if (match_kind(&kind, *device) && !is_ours(plan, *device, decision))
			return true;
	}
	return kinds_have_other(plan_kinds(plan), &kind.id);
}

bool hotplug_rests_on_others(const struct plan *plan, const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	const struct id_pattern *id = &selector->id;

	return wants_later(decision->rule) && names_ids(selector) &&
	       (id->subvendor != ID_ANY || id->subdevice != ID_ANY || selector->has_class) &&
	       kinds_have_other(plan_kinds(plan), id);
}

static char *ids_entry(const struct selector *selector)
{
	const struct id_pattern *id = &selector->id;
	const struct class_pattern *class = &selector->class;

	return memory_printf("%x %x %x %x %x %x", id->vendor, id->device, id->subvendor,
			     id->subdevice, selector->has_class ? class->value : 0,
			     selector->has_class ? class->mask : 0);
}

/* What the stub took by its driver_override it has put on its list itself. */
static char *slot_entry(const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	char name[ADDRESS_SIZE];

	if (decision->verdict != VERDICT_ABSENT || !names_slot(selector))
		return NULL;
	return memory_printf("%s", address_format(&selector->address.address, name));
}

bool hotplug_is_wanted(const struct decision *decision)
{
	if (!wants_later(decision->rule) ||
	    (decision->verdict != VERDICT_ABSENT && decision->state != STATE_BOUND))
		return false;
	return decision->stub->lists_slots || names_ids(&decision->rule->selector) ||
	       hotplug_is_of_device(decision);
}

bool hotplug_is_of_device(const struct decision *decision)
{
	return !decision->stub->lists_slots && !names_ids(&decision->rule->selector) &&
	       decision->device && decision->state == STATE_BOUND;
}

bool hotplug_is_same(const struct decision *a, const struct decision *b)
{
	const struct selector left = hotplug_kind(a), right = hotplug_kind(b);

	if (a->rule == b->rule && !hotplug_is_of_device(a))
		return true;
	return strcmp(a->driver, b->driver) == 0 && !a->stub->lists_slots &&
	       memcmp(&left.id, &right.id, sizeof(left.id)) == 0 &&
	       left.has_class == right.has_class &&
	       memcmp(&left.class, &right.class, sizeof(left.class)) == 0;
}

uint64_t hotplug_key(const struct decision *decision)
{
	const struct selector kind = hotplug_kind(decision);
	const uint32_t ids[] = { kind.id.vendor,    kind.id.device,   kind.id.subvendor,
				 kind.id.subdevice, kind.class.value, kind.class.mask };
	uint64_t key = 0xcbf29ce484222325; /* FNV-1a, by words */

	if (decision->stub->lists_slots)
		return (uintptr_t)decision->rule / sizeof(*decision->rule);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		key = (key ^ ids[i]) * 0x100000001b3;
	return key ^ key >> 32;
}

char *hotplug_entry(const struct plan *plan, const struct decision *decision)
{
	const struct selector kind = hotplug_kind(decision);

	if (decision->stub->lists_slots)
		return slot_entry(decision);
	return host_has_such(plan, decision) ? NULL : ids_entry(&kind);
}

const struct rule *hotplug_suspect(const struct want *want, const struct pci_device *device,
				   const char *told)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];
		const struct selector *selector = &rule->selector;

		if (wants_later(rule) &&
		    ((names_ids(selector) && match_kind(selector, device)) ||
		     (names_slot(selector) &&
		      address_pattern_matches(&selector->address, &device->address)) ||
		     (told && strcmp(rule->name, told) == 0)))
			return rule;
	}
	return NULL;
}
