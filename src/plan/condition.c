/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/condition.h"

#include <stdlib.h>

#include "plan/match.h"
#include "util/buffer.h"
#include "util/memory.h"

/* In the order in which the worse one counts, of several that must all hold. */
enum condition_answer { ANSWER_NO, ANSWER_UNKNOWN, ANSWER_YES };

static enum condition_answer negate(enum condition_answer answer)
{
	return (enum condition_answer)(ANSWER_YES - answer);
}

/* A device that could not be read, or whose path is not known, may be the one. */
static enum condition_answer ask_devices(const struct selector *selector, const struct facts *facts)
{
	bool is_unknown = facts->left_out_count;

	for_each_device(device, facts) {
		if (selector_fit(selector, device) == FIT_ALL)
			return ANSWER_YES;
		is_unknown |= selector->path && !device->path;
	}
	return is_unknown ? ANSWER_UNKNOWN : ANSWER_NO;
}

/* Whether what is written in CONDITION matches, its '!' aside. */
static enum condition_answer ask(const struct condition *condition, const struct facts *facts)
{
	const struct trait_fact *fact = &facts->machine.traits[condition->trait];

	if (condition->trait == TRAIT_DEVICE)
		return ask_devices(&condition->device, facts);
	if (fact->state != TRAIT_KNOWN)
		return ANSWER_UNKNOWN;
	for (size_t i = 0; i < fact->texts.count; i++) {
		if (condition_matches(condition, fact->texts.items[i]))
			return ANSWER_YES;
	}
	return ANSWER_NO;
}

/* All words of CONDITIONS on what FIRST is about. */
static enum condition_answer judge_words(const struct conditions *conditions,
					 const struct condition *first, const struct facts *facts)
{
	enum condition_answer alternatives = ANSWER_NO, result = ANSWER_YES;
	bool has_alternative = false;

	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *condition = &conditions->items[i];
		enum condition_answer answer;

		if (!condition_is_of(condition, first))
			continue;
		answer = ask(condition, facts);
		if (condition->is_negated && negate(answer) < result)
			result = negate(answer);
		if (condition->is_negated)
			continue;
		has_alternative = true;
		alternatives = answer > alternatives ? answer : alternatives;
	}
	return has_alternative && alternatives < result ? alternatives : result;
}

/* "match-firmware = sys_vendor:A sys_vendor:B" */
static void put_words(struct buffer *text, const struct conditions *conditions,
		      const struct condition *first)
{
	buffer_printf(text, "%s =", trait_key(first->trait));
	for (size_t i = 0; i < conditions->count; i++) {
		const struct condition *condition = &conditions->items[i];
		const char *field = trait_field(condition->trait);

		if (condition_is_of(condition, first))
			buffer_printf(text, " %s%s%s%s", condition->is_negated ? "!" : "",
				      field ? field : "", field ? ":" : "", condition->text);
	}
}

/* What the machine has instead, where that is one text. */
static void put_fact(struct buffer *text, const struct condition *condition,
		     const struct facts *facts)
{
	const struct trait_fact *fact = &facts->machine.traits[condition->trait];
	const char *field = trait_field(condition->trait);

	if (fact->state == TRAIT_KNOWN && fact->texts.count == 1 &&
	    condition->trait != TRAIT_CMDLINE)
		buffer_printf(text, ", but it is '%s'", fact->texts.items[0]);
	else if (fact->state == TRAIT_KNOWN && !fact->texts.count && field)
		buffer_printf(text, ", but it has no %s", field);
}

static char *why_not(const struct conditions *conditions, const struct condition *first,
		     const struct facts *facts)
{
	struct buffer text = { 0 };

	put_words(&text, conditions, first);
	put_fact(&text, first, facts);
	return text.text;
}

static char *why_unknown(const struct conditions *conditions, const struct condition *first,
			 const struct facts *facts)
{
	const char *why = facts->machine.traits[first->trait].why;
	struct buffer text = { 0 };

	put_words(&text, conditions, first);
	buffer_printf(&text, ": %s", why ? why : "a device, or its path, could not be read");
	return text.text;
}

static void judge_rule(struct rule *rule, const struct facts *facts)
{
	const struct conditions *conditions = &rule->conditions;
	const struct condition *reason = NULL;
	enum condition_answer worst = ANSWER_YES;

	for (size_t i = 0; i < conditions->count && worst != ANSWER_NO; i++) {
		enum condition_answer answer =
			judge_words(conditions, &conditions->items[i], facts);

		if (answer >= worst)
			continue;
		worst = answer;
		reason = &conditions->items[i];
	}
	free(rule->standing_why);
	rule->standing_why = NULL;
	rule->standing = STANDING_COUNTS;
	if (worst == ANSWER_NO) {
		rule->standing = STANDING_SET_ASIDE;
		rule->standing_why = why_not(conditions, reason, facts);
	} else if (worst == ANSWER_UNKNOWN) {
		rule->standing = STANDING_UNKNOWN;
		rule->standing_why = why_unknown(conditions, reason, facts);
	}
}

void conditions_judge(struct want *want, const struct facts *facts)
{
	for (size_t r = 0; r < want->rule_count; r++)
		judge_rule(&want->rules[r], facts);
}

void conditions_tell(const struct want *want, struct findings *findings)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];

		if (rule->standing == STANDING_SET_ASIDE)
			findings_add(findings, FINDING_CONDITION_NOT_MET,
				     "[%s %s] (%s) is not for this machine: %s",
				     rule_kind_word(rule->kind), rule->name, rule->origin,
				     rule->standing_why);
	}
}
