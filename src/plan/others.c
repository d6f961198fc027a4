/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/others.h"

#include <stdio.h>
#include <string.h>

#include "plan/guard.h"

/* By which a device is given back that no rule matches. */
static const struct rule no_rule = {
	.name = "-",
	.origin = "nobody",
	.options = { .driver = DRIVER_AUTO, .on_failure = FAILURE_HOST },
};

/* It was refused, and a guard alone would have done so. */
static bool is_needed(const struct decision *decision, const struct plan *plan)
{
	struct decision guarded = *decision;

	guarded.verdict = VERDICT_TAKE;
	guarded.findings = (struct findings){ 0 };
	guard_check_needs(&guarded, plan);
	findings_free(&guarded.findings);
	return decision->verdict == VERDICT_REFUSE && guarded.verdict == VERDICT_REFUSE;
}

/* From the driver that has it, whichever the rule names. */
static void give_back(struct decision *decision)
{
	const struct pci_device *device = decision->device;

	decision->verdict = VERDICT_RETURN;
	decision->state = STATE_PLANNED;
	decision->stub = plan_stub_of(device);
	decision->host_driver[0] = '\0';
	snprintf(decision->driver, sizeof(decision->driver), "%s", device->driver);
	findings_add(&decision->findings, FINDING_BOUND_BY_OTHER,
		     "was bound to %s before passthru ran; returned to the host", device->driver);
}

static void judge_decided(struct decision *decision, const struct plan *plan)
{
	if (is_needed(decision, plan))
		give_back(decision);
	else if (decision->verdict == VERDICT_REFUSE)
		findings_add(&decision->findings, FINDING_BOUND_BY_OTHER,
			     "was bound to %s before passthru ran, and still is",
			     decision->device->driver);
}

static void judge_undecided(struct plan *plan, const struct pci_device *device,
			    struct findings *findings)
{
	struct decision *decision = plan_add(plan, &no_rule, device);
	char name[ADDRESS_SIZE];

	guard_check_needs(decision, plan);
	if (decision->verdict == VERDICT_REFUSE) {
		give_back(decision);
		return;
	}
	plan_drop_last(plan);
	findings_add(findings, FINDING_BOUND_BY_OTHER,
		     "%s [%04x:%04x] is bound to %s, but no rule matches it",
		     address_format(&device->address, name), device->vendor, device->device,
		     device->driver);
}

void others_decide(struct plan *plan, struct findings *findings)
{
	for_each_device(device, plan->facts) {
		struct decision *decision;

		if (!plan_stub_of(device))
			continue;
		decision = plan_find(plan, device);
		if (decision)
			judge_decided(decision, plan);
		else
			judge_undecided(plan, device, findings);
	}
}
