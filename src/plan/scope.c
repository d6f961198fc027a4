/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/scope.h"

#include "plan/guard.h"
#include "plan/hotplug.h"

/* Virtual functions are found by their physical one; devices behind a bridge by that. */
static bool names_its_devices(const struct rule *rule)
{
	const struct selector *selector = &rule->selector;

	if (rule->kind != RULE_DEVICE || selector->vf.count || selector->means_below_bridges)
		return false;
	for (size_t i = 0; i < rule->conditions.count; i++) {
		if (rule->conditions.items[i].trait == TRAIT_DEVICE)
			return false;
	}
	return true;
}

bool scope_is_narrow(const struct matcher *matcher)
{
	const struct want *want = matcher->want;
	const struct index_entry *entries;

	for (size_t r = 0; r < want->rule_count; r++) {
		if (!names_its_devices(&want->rules[r]))
			return false;
	}
	return rule_index_find(&matcher->index, INDEX_KEY_ANY, &entries) == 0;
}

bool scope_is_by_path(const struct want *want)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		if (want->rules[r].selector.path)
			return true;
	}
	return false;
}

bool scope_picks(const struct pci_device *device, const void *matcher)
{
	return stub_of_driver(device->driver) || match_may_mean(matcher, device);
}

/* The host may keep a network card, or have a display, of which only a look tells. */
static bool device_rests_on_others(const struct pci_device *device, bool counts_network)
{
	return device->framebuffer || (device_is_network(device) && counts_network);
}

/* Of a rule that names a subsystem it is told which devices only differ in that. */
static bool absence_rests_on_others(const struct plan *plan, const struct selector *selector)
{
	const struct id_pattern *id = &selector->id;

	return selector->has_id && (id->subvendor != ID_ANY || id->subdevice != ID_ANY) &&
	       kinds_have_other(plan_kinds(plan), id);
}

static bool rests_on_others(const struct plan *plan, const struct decision *decision,
			    bool counts_network)
{
	if (hotplug_rests_on_others(plan, decision))
		return true;
	return decision->device ? device_rests_on_others(decision->device, counts_network)
				: absence_rests_on_others(plan, &decision->rule->selector);
}

bool scope_rests_on_others(const struct plan *plan)
{
	const struct facts *facts = plan->facts;
	bool counts_network;

	if (!facts->other_count)
		return false;
	counts_network = plan->count && guard_counts_network(plan);
	for (size_t i = 0; i < facts->needs.count; i++) {
		const struct need *need = &facts->needs.items[i];

		if (facts_has_other_of(facts, need->vendor, need->device) &&
		    guard_looks_for_place(facts, need))
			return true;
	}
	for_each_decision(decision, plan) {
		if (rests_on_others(plan, decision, counts_network))
			return true;
	}
	return false;
}
