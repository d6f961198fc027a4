/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/group.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"

static bool shares_group(const struct decision *decision, const struct pci_device *device)
{
	return decision->device != device && decision->device->group != GROUP_NONE &&
	       decision->device->group == device->group && !device_is_infrastructure(device);
}

static void take_rest_of_group(struct plan *plan, size_t index)
{
	for_each_device(device, plan->facts) {
		const struct rule *rule = plan->decisions[index].rule;
		char name[ADDRESS_SIZE];

		if (!shares_group(&plan->decisions[index], device) || plan_find(plan, device))
			continue;
		address_format(&plan->decisions[index].device->address, name);
		findings_add(&plan_add(plan, rule, device)->findings, FINDING_GROUP_WHOLE,
			     "taken because it is in group %d with %s", device->group, name);
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
	char *missing = NULL;

	for_each_device(device, plan->facts) {
		const struct decision *other;
		_cleanup_free_ char *before = NULL;
		char name[ADDRESS_SIZE];

		if (!shares_group(decision, device))
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

static void refuse_if_missing(const struct plan *plan, struct decision *decision)
{
	_cleanup_free_ char *missing = NULL;

	if (decision->verdict != VERDICT_TAKE || decision->rule->options.group != GROUP_REFUSE)
		return;
	if (decision->device->unread[UNREAD_GROUP]) {
		plan_refuse(decision, FINDING_GROUP_REFUSED,
			    "it is not known what else its group holds: %s",
			    decision->device->unread[UNREAD_GROUP]);
		return;
	}
	missing = list_missing(plan, decision);
	if (missing)
		plan_refuse(decision, FINDING_GROUP_REFUSED,
			    "group %d also holds%s, which will not be taken",
			    decision->device->group, missing);
}

static void name_missing(const struct plan *plan, struct decision *decision)
{
	_cleanup_free_ char *missing = NULL;

	if (decision->verdict != VERDICT_TAKE)
		return;
	missing = list_missing(plan, decision);
	if (missing)
		findings_add(
			&decision->findings, FINDING_GROUP_INCOMPLETE,
			"group %d also holds%s, which will not be taken: no guest can start while a driver of the host has one",
			decision->device->group, missing);
}

void group_check(struct plan *plan)
{
	for_each_decision(decision, plan)
		refuse_if_missing(plan, decision);
	for_each_decision(decision, plan)
		name_missing(plan, decision);
}
