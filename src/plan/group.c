/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/group.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"

/* Those in the group of DECISION's device, and itself. */
static struct device_list members_of(const struct plan *plan, const struct decision *decision)
{
	return groups_members(&plan->groups, decision->device->group);
}

/* MEMBER, of the same group, is another one that a guest can have. */
static bool is_other(const struct decision *decision, const struct pci_device *member)
{
	return decision->device != member && !device_is_infrastructure(member);
}

static void take_rest_of_group(struct plan *plan, size_t index)
{
	const struct device_list members = members_of(plan, &plan->decisions[index]);

	for_each_member(member, members)
	{
		const struct rule *rule = plan->decisions[index].rule;
		const struct pci_device *device = *member;
		char name[ADDRESS_SIZE];

		if (!is_other(&plan->decisions[index], device) || plan_find(plan, device) ||
		    plan_takes_domain_of(plan, device))
			continue;
		address_format(&plan->decisions[index].device->address, name);
		findings_add(&plan_add(plan, rule, device)->findings, FINDING_GROUP_WHOLE,
			     "the rule has group = whole, and this is in group %d with %s",
			     device->group, name);
	}
}

void group_extend(struct plan *plan)
{
	size_t listed = plan->count;

	for (size_t i = 0; i < listed; i++) {
		if (plan->decisions[i].verdict == VERDICT_TAKE &&
		    plan->decisions[i].rule->options.group == GROUP_WHOLE)
			take_rest_of_group(plan, i);
	}
}

/* The members that will not be taken, as " 0000:01:00.1 0000:01:00.2"; NULL if there is none. */
static char *list_missing(const struct plan *plan, const struct decision *decision)
{
	const struct device_list members = members_of(plan, decision);
	char *missing = NULL;

	for_each_member(member, members)
	{
		const struct pci_device *device = *member;
		const struct decision *other;
		_cleanup_free_ char *before = NULL;
		char name[ADDRESS_SIZE];

		if (!is_other(decision, device) || plan_takes_domain_of(plan, device))
			continue;
		other = plan_find(plan, device);
		/* Held, it has no driver either; and a stub may have had it before. */
		if (plan_stub_of(device) || (other && decision_claims(other)))
			continue;
		before = missing;
		missing = memory_printf("%s %s", before ? before : "",
					address_format(&device->address, name));
	}
	return missing;
}

const struct pci_device *group_possible_member(const struct plan *plan,
					       const struct pci_device *device)
{
	struct device_list awaiting;

	if (device->group == GROUP_NONE)
		return NULL;
	awaiting = groups_awaiting(&plan->groups, facts_place(plan->facts, device));
	for_each_member(member, awaiting)
	{
		const struct pci_device *other = *member;
		const struct decision *decision = plan_find(plan, other);

		if (other != device && !device_is_infrastructure(other) &&
		    !(decision && decision_claims(decision)))
			return other;
	}
	return NULL;
}

static void refuse_if_possible(const struct plan *plan, struct decision *decision)
{
	const struct pci_device *other = group_possible_member(plan, decision->device);
	char name[ADDRESS_SIZE];

	if (other)
		plan_refuse(
			decision, FINDING_GROUP_REFUSED,
			"could not tell what else is in group %d: %s may join it when a driver binds to it",
			decision->device->group, address_format(&other->address, name));
}

static void refuse_if_missing(const struct plan *plan, struct decision *decision)
{
	_cleanup_free_ char *missing = NULL;

	if (decision->verdict != VERDICT_TAKE || decision->rule->options.group != GROUP_REFUSE)
		return;
	if (decision->device->unread[UNREAD_GROUP]) {
		plan_refuse(decision, FINDING_GROUP_REFUSED,
			    "could not read what else is in its group: %s",
			    decision->device->unread[UNREAD_GROUP]);
		return;
	}
	missing = list_missing(plan, decision);
	if (missing)
		plan_refuse(decision, FINDING_GROUP_REFUSED, "group %d also has%s, not assigned",
			    decision->device->group, missing);
	else
		refuse_if_possible(plan, decision);
}

/* It is in the plan for its group alone. */
static bool is_rest_of_group(const struct decision *decision)
{
	return findings_have(&decision->findings, FINDING_GROUP_WHOLE);
}

static void name_missing(const struct plan *plan, struct decision *decision)
{
	_cleanup_free_ char *missing = NULL;

	if (decision->verdict != VERDICT_TAKE || is_rest_of_group(decision))
		return;
	missing = list_missing(plan, decision);
	if (missing)
		findings_add(
			&decision->findings, FINDING_GROUP_INCOMPLETE,
			"group %d also has%s, not assigned: no guest can start while a host driver is bound to one of them",
			decision->device->group, missing);
}

static bool is_to_be_left(const struct decision *decision)
{
	return decision->verdict == VERDICT_TAKE && is_rest_of_group(decision);
}

/* What no rule lists is only of use to a guest that gets all of the group. */
static void leave_rest_of_group(struct plan *plan, const struct decision *first)
{
	_cleanup_free_ char *missing = NULL;
	struct device_list members;

	if (!is_to_be_left(first))
		return;
	missing = list_missing(plan, first);
	if (!missing)
		return;
	members = members_of(plan, first);
	for_each_member(member, members)
	{
		struct decision *decision = plan_find(plan, *member);

		if (!decision || !is_to_be_left(decision))
			continue;
		plan_refuse(decision, FINDING_GROUP_NOT_WHOLE,
			    "group %d also has%s, not assigned: no guest can have any of it",
			    first->device->group, missing);
		decision->verdict = VERDICT_REFUSE; /* held, it would be lost to the host, too */
	}
}

void group_check(struct plan *plan)
{
	for_each_decision(decision, plan)
		refuse_if_missing(plan, decision);
	for_each_decision(decision, plan)
		name_missing(plan, decision);
	for_each_decision(decision, plan)
		leave_rest_of_group(plan, decision);
}
