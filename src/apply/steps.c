/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "apply/steps.h"

#include "plan/settings.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static bool is_taken(const struct plan *plan, size_t index)
{
	return plan->decisions[index].verdict == VERDICT_TAKE;
}

static bool is_claimed(const struct plan *plan, size_t index)
{
	return decision_claims(&plan->decisions[index]);
}

static bool is_returned(const struct plan *plan, size_t index)
{
	return plan->decisions[index].verdict == VERDICT_RETURN;
}

/* A physical function that stays with its driver is nothing to settle. */
static bool can_be_settled(const struct plan *plan, size_t index)
{
	return plan->decisions[index].device && !is_returned(plan, index) &&
	       plan->decisions[index].verdict != VERDICT_DIVIDE;
}

static bool has_other_driver(const struct plan *plan, size_t index)
{
	const struct decision *decision = &plan->decisions[index];

	if (!is_claimed(plan, index) || !decision->device->driver[0])
		return false;
	return decision->verdict == VERDICT_HOLD || !decision_is_bound(decision);
}

static bool has_vf_values(const struct plan *plan, size_t index)
{
	const struct decision *decision = &plan->decisions[index];

	return (is_taken(plan, index) && decision->vf_wanted.has) ||
	       (is_returned(plan, index) && decision->vf_former.has);
}

static bool releases_framebuffer(const struct plan *plan, size_t index)
{
	return is_taken(plan, index) && plan->decisions[index].releases_framebuffer;
}

static bool is_set_before(const struct plan *plan, size_t index)
{
	return is_taken(plan, index) && settings_have(&plan->decisions[index], SETTING_BEFORE_BIND);
}

static bool is_set_after(const struct plan *plan, size_t index)
{
	return is_taken(plan, index) && settings_have(&plan->decisions[index], SETTING_AFTER_BIND);
}

static bool is_permissive(const struct plan *plan, size_t index)
{
	const struct decision *decision = &plan->decisions[index];

	return is_taken(plan, index) && decision->rule->permissive == CHOICE_YES &&
	       decision->stub->hypervisor == HYPERVISOR_XEN;
}

static bool is_first_with_module(const struct plan *plan, size_t index)
{
	if (!is_taken(plan, index))
		return false;
	/* Backwards: from each to the one before it is no more than once through all. */
	for (size_t i = index; i-- > 0;) {
		if (is_taken(plan, i) &&
		    streq(plan->decisions[i].module, plan->decisions[index].module))
			return false;
	}
	return true;
}

/* The order at boot: all of a kind before any of the next, so that every claim stands first. */
static const struct {
	const char *word;
	bool (*applies)(const struct plan *plan, size_t index);
} kinds[] = {
	[STEP_CLAIM] = { "claim", is_claimed },
	[STEP_RELEASE] = { "release", has_other_driver },
	[STEP_VF] = { "vf", has_vf_values },
	[STEP_FRAMEBUFFER] = { "framebuffer", releases_framebuffer },
	[STEP_SET_BEFORE] = { "set-before", is_set_before },
	[STEP_LOAD] = { "load", is_first_with_module },
	[STEP_BIND] = { "bind", is_taken },
	[STEP_SET_AFTER] = { "set-after", is_set_after },
	[STEP_CONFIGURE] = { "configure", is_permissive },
	[STEP_SETTLE] = { "settle", can_be_settled },
	[STEP_RETURN] = { "return", is_returned },
};

void steps_make(struct plan *plan, struct steps *ret)
{
	struct steps steps = { 0 };

	for (size_t kind = 0; kind < ARRAY_SIZE(kinds); kind++) {
		for (size_t i = 0; i < plan->count; i++) {
			if (!kinds[kind].applies(plan, i))
				continue;
			steps.items = memory_grow(steps.items, steps.count, sizeof(steps.items[0]));
			steps.items[steps.count++] =
				(struct step){ .kind = (enum step_kind)kind,
					       .decision = &plan->decisions[i] };
		}
	}
	*ret = steps;
}

const char *step_word(enum step_kind kind)
{
	return kinds[kind].word;
}
