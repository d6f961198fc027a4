/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"

#include "plan/device.h"
#include "plan/display.h"
#include "plan/group.h"
#include "plan/guard.h"
#include "plan/rules.h"
#include "plan/settings.h"
#include "plan/sriov.h"
#include "plan/vfio.h"
#include "util/cleanup.h"

static void set_planned_states(struct plan *plan)
{
	static const enum state states[] = {
		[VERDICT_TAKE] = STATE_PLANNED,   [VERDICT_REFUSE] = STATE_REFUSED,
		[VERDICT_HOLD] = STATE_PLANNED,   [VERDICT_ABSENT] = STATE_ABSENT,
		[VERDICT_RETURN] = STATE_PLANNED,
	};

	for_each_decision(decision, plan) {
		if (decision->verdict != VERDICT_DIVIDE)
			decision->state = states[decision->verdict];
	}
}

/*
 * In their order, each for all decisions before the next one: `decision` for those that are to be
 * taken, `plan` for what is about several.
 */
static const struct plan_check {
	void (*decision)(struct decision *decision, const struct plan *plan);
	void (*plan)(struct plan *plan);
} checks[] = {
	{ .plan = group_extend },
	{ .decision = check_is_not_the_hosts },
	{ .decision = guard_check },
	{ .decision = sriov_check_mac },
	{ .decision = check_platform },
	{ .decision = check_iommu },
	{ .decision = vfio_check_denylist },
	{ .decision = note_bound_already },
	{ .plan = guard_check_network_root },
	{ .plan = group_check },
	{ .plan = guard_check_last_network },
	{ .decision = vfio_judge },
	{ .decision = display_judge },
	{ .decision = settings_judge },
	{ .plan = sriov_judge },
	{ .plan = set_planned_states },
};

static void run_check(const struct plan_check *check, struct plan *plan)
{
	if (check->plan) {
		check->plan(plan);
		return;
	}
	for_each_decision(decision, plan) {
		if (decision_is_to_be_taken(decision))
			check->decision(decision, plan);
	}
}

void plan_make_matched(const struct want *want, const struct facts *facts,
		       const struct matches *matches, struct plan *ret)
{
	*ret = (struct plan){ .want = want, .facts = facts };
	if (!want_is_in_force(want))
		return;
	plan_begin(want, facts, ret);
	for (size_t r = 0; r < want->rule_count; r++) {
		if (want->rules[r].standing != STANDING_SET_ASIDE)
			plan_rule(ret, r, matches);
	}
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++)
		run_check(&checks[i], ret);
}

void plan_make(const struct want *want, const struct facts *facts, struct plan *ret)
{
	_cleanup_(matches_free) struct matches matches = { 0 };

	if (want_is_in_force(want))
		matches_make(want, facts, &matches);
	plan_make_matched(want, facts, &matches, ret);
}
