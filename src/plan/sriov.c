/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/sriov.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"

/* The rule that gives the physical function of DECISION away, or NULL. */
static const struct rule *find_taker(const struct plan *plan, const struct decision *decision)
{
	const struct decision *other = plan_find(plan, decision->device);

	return other && decision_claims(other) ? other->rule : NULL;
}

/* A virtual function that a driver has, so that taking it away would be a loss; or NULL. */
static const struct pci_device *find_used(const struct facts *facts,
					  const struct pci_device *physical)
{
	for_each_device(device, facts) {
		if (device->driver[0] && facts_physical(facts, device) == physical)
			return device;
	}
	return NULL;
}

/* The kernel changes the number only by way of none at all. */
static void check_present(struct decision *decision, const struct facts *facts)
{
	const struct pci_device *device = decision->device, *used;
	char name[ADDRESS_SIZE];

	if (!device->vf_count || device->vf_count == decision->rule->vfs)
		return;
	used = find_used(facts, device);
	if (used)
		plan_refuse(decision, FINDING_SRIOV_IN_USE,
			    "sriov_numvfs is %u, not %u, and VF %s is bound to %s",
			    device->vf_count, decision->rule->vfs,
			    address_format(&used->address, name), used->driver);
}

/* Another PF of which VFs are to get a MAC address that RULE has for those of PHYSICAL. */
static const struct pci_device *find_mac_twin(const struct plan *plan, const struct rule *rule,
					      const struct pci_device *physical)
{
	const struct vf_list *macs = &rule->lists.of[VF_MAC];

	if (!macs->count || rule->kind != RULE_SRIOV)
		return NULL;
	for_each_decision(other, plan) {
		if (other->device && !other->device->is_virtual && other->device != physical &&
		    other->rule->kind == RULE_SRIOV &&
		    vf_list_meets(macs, &other->rule->lists.of[VF_MAC]))
			return other->device;
	}
	return NULL;
}

static void check_mac(struct decision *decision, const struct plan *plan,
		      const struct pci_device *physical)
{
	const struct pci_device *twin = find_mac_twin(plan, decision->rule, physical);
	char name[ADDRESS_SIZE];

	if (twin)
		plan_refuse(decision, FINDING_VF_MAC_SHARED,
			    "VFs of %s would get a MAC address that the rule from %s sets",
			    address_format(&twin->address, name), decision->rule->origin);
}

void sriov_check_mac(struct decision *decision, const struct plan *plan)
{
	if (decision->device->is_virtual)
		check_mac(decision, plan, facts_physical(plan->facts, decision->device));
}

/* DIVIDER is an earlier rule that divides it, or NULL. */
static void check_ability(struct decision *decision, const struct plan *plan,
			  const struct rule *divider)
{
	const struct pci_device *device = decision->device;
	const struct rule *taker = find_taker(plan, decision);
	const char *unread = facts_unread_of(plan->facts, device);

	if (unread)
		plan_refuse(decision, FINDING_GUARD_UNKNOWN, "%s", unread);
	else if (!device->vf_total)
		plan_refuse(decision, FINDING_SRIOV_MISSING,
			    "the rule from %s enables VFs, but the device has no SR-IOV",
			    decision->rule->origin);
	else if (decision->rule->vfs > device->vf_total)
		plan_refuse(decision, FINDING_SRIOV_TOO_MANY,
			    "the rule from %s has vfs = %u, but the device supports %u",
			    decision->rule->origin, decision->rule->vfs, device->vf_total);
	else if (taker)
		plan_refuse(
			decision, FINDING_SRIOV_TAKEN,
			"the rule from %s assigns the physical function on which the rule from %s enables VFs",
			taker->origin, decision->rule->origin);
	else if (divider)
		plan_refuse(decision, FINDING_SRIOV_TAKEN,
			    "the rules from %s and %s both enable VFs on it", divider->origin,
			    decision->rule->origin);
}

static enum state state_of(const struct decision *decision)
{
	const struct pci_device *device = decision->device;

	if (!device->driver[0])
		return STATE_WAITING;
	return device->vf_count == decision->rule->vfs ? STATE_READY : STATE_PLANNED;
}

static void judge(struct decision *decision, const struct plan *plan, const struct rule *divider)
{
	check_ability(decision, plan, divider);
	if (decision->verdict == VERDICT_DIVIDE)
		check_mac(decision, plan, decision->device);
	if (decision->verdict == VERDICT_DIVIDE)
		check_present(decision, plan->facts);
	if (decision->verdict != VERDICT_DIVIDE)
		return;
	decision->state = state_of(decision);
	if (decision->state == STATE_WAITING)
		findings_add(&decision->findings, FINDING_SRIOV_WAITING,
			     "no driver is bound to it yet, and VFs need one");
}

/* Two rules can divide a device by other selectors, or the configuration would not be valid. */
void sriov_judge(struct plan *plan)
{
	_cleanup_free_ const struct rule **dividers = NULL; /* the first of each device */

	for_each_decision(decision, plan) {
		const struct rule **divider;

		if (!decision->device || decision->rule->kind != RULE_SRIOV)
			continue;
		if (!dividers)
			dividers = memory_new(plan->facts->device_count, sizeof(struct rule *));
		divider = &dividers[decision->device - plan->facts->devices];
		if (decision->verdict == VERDICT_DIVIDE)
			judge(decision, plan, *divider);
		if (!*divider)
			*divider = decision->rule;
	}
}
