/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/intent.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/text.h"
#include "want/index.h"

#define FIRST_SIZE 64

/* Where the first rule called NAME is in the table, or is to be. */
static size_t find_slot(const struct intent *intent, const char *name)
{
	size_t slot = (size_t)index_key_of_path(name), number;

	for (;; slot++) {
		slot &= intent->by_name_size - 1;
		number = intent->by_name[slot];
		if (!number || streq(intent->rules[number - 1].name, name))
			return slot;
	}
}

/* Many can have one name, such as those of a driver's own option. */
static void index_name(struct intent *intent, size_t rule)
{
	size_t slot = find_slot(intent, intent->rules[rule].name);

	if (!intent->by_name[slot])
		intent->by_name[slot] = rule + 1;
}

/* The table has all rules again, and is at most half full. */
static void index_names(struct intent *intent)
{
	if (!intent->by_name_size)
		intent->by_name_size = FIRST_SIZE;
	while (intent->by_name_size < 2 * intent->rule_count)
		intent->by_name_size *= 2;
	free(intent->by_name);
	intent->by_name = memory_new(intent->by_name_size, sizeof(*intent->by_name));
	for (size_t i = 0; i < intent->rule_count; i++)
		index_name(intent, i);
}

struct rule *intent_add_rule(struct intent *intent, enum rule_kind kind, const char *name,
			     const char *origin)
{
	struct rule *rule;

	intent->rules = memory_grow(intent->rules, intent->rule_count, sizeof(*rule));
	rule = &intent->rules[intent->rule_count++];
	*rule = rule_make(kind, name, origin);
	if (intent->by_name_size < 2 * intent->rule_count)
		index_names(intent);
	else
		index_name(intent, intent->rule_count - 1);
	return rule;
}

struct rule *intent_find_rule(const struct intent *intent, const char *name)
{
	size_t number = intent->by_name_size ? intent->by_name[find_slot(intent, name)] : 0;

	return number ? &intent->rules[number - 1] : NULL;
}

void intent_drop_rules(struct intent *intent, bool (*is_dropped)(struct rule *rule, void *context),
		       void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < intent->rule_count; i++) {
		struct rule rule = intent->rules[i];

		if (!is_dropped(&rule, context))
			intent->rules[kept++] = rule;
	}
	intent->rule_count = kept;
	index_names(intent);
}

void intent_free(struct intent *intent)
{
	rules_free(intent->rules, intent->rule_count);
	free(intent->by_name);
	for (size_t i = 0; i < intent->skip_count; i++)
		free(intent->skip[i]);
	free(intent->skip);
	findings_free(&intent->findings);
	*intent = (struct intent){ 0 };
}
