/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/decision.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/text.h"

static const char *const states[STATE_UNKNOWN] = {
	[STATE_PLANNED] = "planned", [STATE_BOUND] = "bound",       [STATE_CLAIMED] = "claimed",
	[STATE_HELD] = "held",       [STATE_REFUSED] = "refused",   [STATE_ABSENT] = "absent",
	[STATE_FAILED] = "failed",   [STATE_RETURNED] = "returned", [STATE_WAITING] = "waiting",
	[STATE_READY] = "ready",
};

const char *state_word(enum state state)
{
	return states[state];
}

enum state state_parse(const char *word)
{
	return (enum state)text_find(word, states, STATE_UNKNOWN);
}

void plan_refuse(struct decision *decision, enum finding_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	findings_add_v(&decision->findings, code, format, arguments);
	va_end(arguments);
	if (decision->verdict == VERDICT_TAKE)
		decision->verdict = decision->rule->options.on_failure == FAILURE_HOLD
					    ? VERDICT_HOLD
					    : VERDICT_REFUSE;
	else if (decision->verdict == VERDICT_DIVIDE)
		decision->verdict = VERDICT_REFUSE; /* held, it would be lost to the host */
}

/*
 * A variant's driver is called as its module, which says KBUILD_MODNAME with underscores
 * (linux/drivers/vfio/pci/). The exceptions are named here.
 */
static const char *variant_driver(const char *module)
{
	return strcmp(module, "xe_vfio_pci") == 0 ? "xe-vfio-pci" : module;
}

const struct stub *plan_stub_of(const struct pci_device *device)
{
	return stub_of_driver(device->driver);
}

bool decision_claims(const struct decision *decision)
{
	return decision->verdict == VERDICT_TAKE || decision->verdict == VERDICT_HOLD;
}

bool decision_is_bound(const struct decision *decision)
{
	return strcmp(decision->device->driver, decision->driver) == 0;
}

bool decision_is_fenced(const struct decision *decision)
{
	return decision->verdict == VERDICT_HOLD ||
	       (decision->stub->is_slow && !decision_is_bound(decision));
}

bool decision_has_other_driver(const struct decision *decision)
{
	return decision->device->driver[0] && !decision_is_bound(decision);
}

static void choose_driver(struct decision *decision, const struct facts *facts)
{
	const struct options *options = &decision->rule->options;
	const struct pci_device *device = decision->device;
	const struct stub *stub =
		options->driver == DRIVER_STUB ? options->stub : stub_default(facts_in_dom0(facts));
	const char *driver = stub->driver, *module = stub->module;

	decision->stub = stub;
	if (decision->verdict == VERDICT_DIVIDE) {
		snprintf(decision->driver, sizeof(decision->driver), "%s", device->driver);
		return;
	}
	if (options->driver == DRIVER_AUTO && stub->is_vfio && device && device->variant_module &&
	    strlen(device->variant_module) < sizeof(decision->module)) {
		module = device->variant_module;
		driver = variant_driver(module);
	}
	snprintf(decision->driver, sizeof(decision->driver), "%s", driver);
	snprintf(decision->module, sizeof(decision->module), "%s", module);
}

static enum verdict first_verdict(const struct rule *rule, const struct pci_device *device)
{
	if (!device)
		return VERDICT_ABSENT;
	return rule->kind == RULE_SRIOV && !device->is_virtual ? VERDICT_DIVIDE : VERDICT_TAKE;
}

bool decision_is_to_be_taken(const struct decision *decision)
{
	return decision->device &&
	       (decision->rule->kind == RULE_DEVICE || decision->device->is_virtual);
}

static void clear_number(struct plan *plan, const struct decision *decision)
{
	if (decision->device)
		plan->of_device[decision->device - plan->facts->devices] = 0;
}

/* What divides a device that another rule has is refused, and is not the decision on it. */
static void set_number(struct plan *plan, const struct decision *decision, size_t number)
{
	if (decision->device &&
	    (decision_is_to_be_taken(decision) || !plan_find(plan, decision->device)))
		plan->of_device[decision->device - plan->facts->devices] = number;
}

void plan_begin(const struct want *want, const struct facts *facts, struct plan *ret)
{
	*ret = (struct plan){
		.want = want,
		.facts = facts,
		.of_device = memory_new(facts->device_count, sizeof(*ret->of_device)),
		.need_places = memory_new(facts->needs.count, sizeof(*ret->need_places)),
		.kinds = memory_new(1, sizeof(*ret->kinds)),
	};
	groups_make(facts, &ret->groups);
}

struct decision *plan_add(struct plan *plan, const struct rule *rule,
			  const struct pci_device *device)
{
	struct decision *decision;

	plan->decisions = memory_grow(plan->decisions, plan->count, sizeof(*decision));
	decision = &plan->decisions[plan->count++];
	decision->rule = rule;
	decision->device = device;
	decision->verdict = first_verdict(rule, device);
	choose_driver(decision, plan->facts);
	if (device && decision_has_other_driver(decision))
		strcpy(decision->host_driver, device->driver);
	if (device && device->is_virtual)
		decision->vf_wanted =
			vf_lists_pick(&rule->lists, &rule->selector.vf, device->vf_number);
	set_number(plan, decision, plan->count);
	return decision;
}

struct decision *plan_find(const struct plan *plan, const struct pci_device *device)
{
	size_t number = plan->of_device[device - plan->facts->devices];

	return number ? &plan->decisions[number - 1] : NULL;
}

const struct kinds *plan_kinds(const struct plan *plan)
{
	if (!plan->kinds->is_made)
		kinds_make(plan->facts, plan->kinds);
	return plan->kinds;
}

void decision_free_settings(struct decision *decision)
{
	for (size_t i = 0; decision->settings && i < SETTING_COUNT; i++) {
		free(decision->settings[i].value);
		free(decision->settings[i].former);
	}
	free(decision->settings);
	decision->settings = NULL;
}

static void free_decision(struct decision *decision)
{
	findings_free(&decision->findings);
	decision_free_settings(decision);
}

void plan_drop_last(struct plan *plan)
{
	struct decision *decision = &plan->decisions[--plan->count];

	clear_number(plan, decision);
	free_decision(decision);
}

bool plan_takes_domain_of(const struct plan *plan, const struct pci_device *device)
{
	const struct pci_device *owner = facts_domain_owner(plan->facts, device);
	const struct decision *decision = owner ? plan_find(plan, owner) : NULL;

	return decision && decision_claims(decision);
}

void plan_keep(struct plan *plan,
	       bool (*concerns)(const struct decision *decision, const void *context),
	       const void *context)
{
	size_t kept = 0;

	for_each_decision(decision, plan)
		clear_number(plan, decision);
	for_each_decision(decision, plan) {
		if (!concerns(decision, context)) {
			free_decision(decision);
			continue;
		}
		plan->decisions[kept++] = *decision;
		set_number(plan, decision, kept);
	}
	plan->count = kept;
}

void plan_free(struct plan *plan)
{
	for_each_decision(decision, plan)
		free_decision(decision);
	free(plan->decisions);
	free(plan->of_device);
	groups_free(&plan->groups);
	if (plan->kinds)
		kinds_free(plan->kinds);
	free(plan->kinds);
	free(plan->need_places);
	*plan = (struct plan){ 0 };
}
