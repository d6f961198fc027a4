/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/release.h"

#include "plan/match.h"

static void decide(struct decision *decision)
{
	const struct pci_device *device = decision->device;

	if (decision->host_driver[0]) {
		decision->verdict = VERDICT_REFUSE;
		decision->state = STATE_RETURNED;
		findings_add(&decision->findings, FINDING_NOT_ASSIGNED,
			     "bound to %s: nothing to return", device->driver);
	} else if (device->usage == USAGE_GUEST) {
		decision->verdict = VERDICT_REFUSE;
		decision->state = STATE_BOUND;
		findings_add(&decision->findings, FINDING_IN_USE, "%s", device->used_by);
	} else {
		decision->verdict = VERDICT_RETURN;
		decision->state = STATE_PLANNED;
	}
}

void release_plan(const struct want *want, const struct facts *facts, struct plan *ret)
{
	struct plan plan;

	plan_begin(want, facts, &plan);
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];

		for_each_device(device, facts) {
			if (match_fit(&rule->selector, facts, device) == FIT_ALL)
				decide(plan_add(&plan, rule, device));
		}
	}
	*ret = plan;
}
