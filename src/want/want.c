/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/want.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/text.h"
#include "want/overlap.h"
#include "want/shared_mac.h"

static const struct options defaults = {
	.driver = DRIVER_AUTO,
	.iommu = IOMMU_REQUIRE,
	.group = GROUP_LISTED,
	.on_failure = FAILURE_HOST,
	.hotplug = CHOICE_YES,
	.root_grace_s = 15,
	.has_root_grace = true,
	.trial = TRIAL_BOOT,
	.trial_tries = 1,
	.confirm_within_s = 600,
};

static void check_permissive(struct want *want, const struct rule *rule)
{
	const struct options *options = &rule->options;

	if (rule->permissive == CHOICE_YES && options->driver == DRIVER_STUB &&
	    options->stub->hypervisor != HYPERVISOR_XEN) {
		findings_add(&want->findings, FINDING_CONFIG_ERROR,
			     "%s: permissive = yes is for %s, not for %s", rule->origin,
			     stub_default(true)->name, options->stub->name);
		want->has_errors = true;
	}
}

static void check_conditions(struct want *want, const struct rule *rule)
{
	const struct condition *condition = conditions_contradiction(&rule->conditions);

	if (condition)
		findings_add(&want->findings, FINDING_CONDITION_NEVER,
			     "%s: [%s %s] is for no machine: the words of %s contradict each other",
			     rule->origin, rule_kind_word(rule->kind), rule->name,
			     trait_key(condition->trait));
}

static bool is_skipped(const struct intent *cmdline, const char *name)
{
	for (size_t i = 0; i < cmdline->skip_count; i++) {
		if (streq(cmdline->skip[i], name))
			return true;
	}
	return false;
}

/* Of several sources: what is to be merged. */
struct layers {
	struct intent *cmdline, *credentials, *files, *natives;
	struct options options; /* of [passthru], every one set */
};

static void add_rules(struct want *want, struct intent *from, const struct layers *layers)
{
	for (size_t i = 0; i < from->rule_count; i++) {
		struct rule *rule = &from->rules[i];

		if (is_skipped(layers->cmdline, rule->name)) {
			findings_add(&want->findings, FINDING_SKIPPED,
				     "[%s %s] (%s) is skipped by passthru.skip",
				     rule_kind_word(rule->kind), rule->name, rule->origin);
			continue;
		}
		want->rules = memory_grow(want->rules, want->rule_count, sizeof(*rule));
		options_inherit(&rule->options, &layers->options);
		check_permissive(want, rule);
		check_conditions(want, rule);
		want->rules[want->rule_count++] = *rule;
		*rule = (struct rule){ 0 }; /* its memory is the want's now */
	}
}

/* A function belongs to one rule only, and no VFs are enabled on a PF that is itself assigned. */
static void note_overlap(const struct rule *sriov, const struct rule *other, void *context)
{
	struct want *want = context;

	findings_add(&want->findings, FINDING_CONFIG_ERROR,
		     "%s: [%s %s] matches functions of [sriov %s], at %s", other->origin,
		     rule_kind_word(other->kind), other->name, sriov->name, sriov->origin);
	want->has_errors = true;
}

static void try_names(struct nearest *nearest, const struct intent *intent)
{
	for (size_t i = 0; i < intent->rule_count; i++)
		nearest_try(nearest, intent->rules[i].name);
}

static void note_shared_mac(const struct rule *rule, const struct rule *other, void *context)
{
	struct want *want = context;

	findings_add(&want->findings, FINDING_CONFIG_ERROR,
		     "%s: [sriov %s] sets a MAC address that [sriov %s], at %s, sets as well",
		     other->origin, other->name, rule->name, rule->origin);
	want->has_errors = true;
}

static void check_skip_names(struct want *want, const struct layers *layers)
{
	const struct intent *cmdline = layers->cmdline;

	for (size_t i = 0; i < cmdline->skip_count; i++) {
		const char *name = cmdline->skip[i];
		struct nearest nearest = { .text = name };
		_cleanup_free_ char *hint = NULL;

		if (intent_find_rule(layers->files, name) || intent_find_rule(cmdline, name) ||
		    intent_find_rule(layers->credentials, name) ||
		    intent_find_rule(layers->natives, name))
			continue;
		try_names(&nearest, cmdline);
		try_names(&nearest, layers->files);
		try_names(&nearest, layers->credentials);
		hint = nearest_hint(&nearest);
		findings_add(&want->findings, FINDING_BAD_OPTION,
			     "kernel command line: passthru.skip=%s: no rule has this name%s", name,
			     hint);
	}
}

/* Where passthru does nothing, the drivers go by their own options when they are loaded. */
static void tell_in_force(struct want *want)
{
	const struct stub *stub;

	for (size_t i = 0; (stub = stub_at(i)); i++) {
		if (want_has_native(want, i) && !want_is_in_force(want))
			findings_add(
				&want->findings, FINDING_OPTIONS_IN_FORCE,
				"%s will bind the devices in its own options, without guards, when it is loaded: passthru %s",
				stub->name,
				want->off ? "is switched off" : "does nothing with these errors");
	}
}

static void settle_options(struct layers *layers)
{
	layers->options = layers->cmdline->options;
	settings_inherit(&layers->options, &layers->credentials->options);
	settings_inherit(&layers->options, &layers->files->options);
	settings_inherit(&layers->options, &defaults);
}

/* The rules of files whose name a credential has: it is meant to have that rule's place. */
struct replacing {
	struct want *want;
	const struct intent *credentials;
};

static bool is_replaced(struct rule *rule, void *context)
{
	const struct replacing *replacing = context;
	const struct rule *other = intent_find_rule(replacing->credentials, rule->name);

	if (!other)
		return false;
	findings_add(&replacing->want->findings, FINDING_REPLACED,
		     "[%s %s] (%s) is replaced by [%s %s] (%s)", rule_kind_word(rule->kind),
		     rule->name, rule->origin, rule_kind_word(other->kind), other->name,
		     other->origin);
	rule_free(rule);
	return true;
}

static void drop_replaced(struct want *want, const struct layers *layers)
{
	struct replacing replacing = { want, layers->credentials };

	intent_drop_rules(layers->files, is_replaced, &replacing);
}

/* Errors in credentials are none of the others: those stay in force. */
static void move_findings(struct want *want, const struct layers *layers)
{
	findings_move(&want->findings, &layers->files->findings);
	findings_move(&want->findings, &layers->cmdline->findings);
	findings_move(&want->findings, &layers->natives->findings);
	want->has_errors = findings_severity(&want->findings) == SEVERITY_ERROR;
	findings_move(&want->findings, &layers->credentials->findings);
}

void want_merge(struct intent *files, struct intent *credentials, struct intent *cmdline,
		struct natives *natives, struct want *ret)
{
	struct want want = { .off = files->off || cmdline->off };
	struct intent of_drivers = { 0 };
	struct layers layers = { cmdline, credentials, files, &of_drivers, { 0 } };
	const struct stub *stub;

	for (size_t i = 0; (stub = stub_at(i)); i++)
		want.natives |= natives_have(natives, stub) ? 1u << i : 0;
	natives_finish(natives, &of_drivers);
	settle_options(&layers);
	move_findings(&want, &layers);
	check_skip_names(&want, &layers);
	drop_replaced(&want, &layers);
	add_rules(&want, cmdline, &layers);
	add_rules(&want, credentials, &layers);
	add_rules(&want, files, &layers);
	add_rules(&want, &of_drivers, &layers);
	overlaps_find(want.rules, want.rule_count, note_overlap, &want);
	shared_macs_find(want.rules, want.rule_count, note_shared_mac, &want);
	tell_in_force(&want);
	intent_free(&of_drivers);
	intent_free(files);
	intent_free(credentials);
	intent_free(cmdline);
	want.options = layers.options;
	*ret = want;
}

bool want_is_in_force(const struct want *want)
{
	return !want->off && !want->has_errors;
}

bool want_has_natives(const struct want *want)
{
	return want->natives;
}

bool want_has_native(const struct want *want, size_t number)
{
	return want->natives >> number & 1;
}

bool want_has_functions(const struct want *want)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		if (want->rules[r].kind == RULE_SRIOV || want->rules[r].selector.vf.count)
			return true;
	}
	return false;
}

unsigned want_traits(const struct want *want)
{
	unsigned traits = 0;

	for (size_t r = 0; r < want->rule_count; r++) {
		const struct conditions *conditions = &want->rules[r].conditions;

		for (size_t i = 0; i < conditions->count; i++)
			traits |= 1u << conditions->items[i].trait;
	}
	return traits;
}

void want_drop_rules(struct want *want)
{
	rules_free(want->rules, want->rule_count);
	want->rules = NULL;
	want->rule_count = 0;
}

void want_free(struct want *want)
{
	rules_free(want->rules, want->rule_count);
	findings_free(&want->findings);
	*want = (struct want){ 0 };
}
