/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/intent.h"

#include <stdlib.h>

#include "util/memory.h"
#include "util/text.h"

struct rule *intent_add_rule(struct intent *intent, enum rule_kind kind, const char *name,
			     const char *origin)
{
	struct rule *rule;

	intent->rules = memory_grow(intent->rules, intent->rule_count, sizeof(*rule));
	rule = &intent->rules[intent->rule_count++];
	*rule = rule_make(kind, name, origin);
	return rule;
}

struct rule *intent_find_rule(const struct intent *intent, const char *name)
{
	for (size_t i = 0; i < intent->rule_count; i++) {
		if (streq(intent->rules[i].name, name))
			return &intent->rules[i];
	}
	return NULL;
}

void intent_free(struct intent *intent)
{
	rules_free(intent->rules, intent->rule_count);
	for (size_t i = 0; i < intent->skip_count; i++)
		free(intent->skip[i]);
	free(intent->skip);
	findings_free(&intent->findings);
	*intent = (struct intent){ 0 };
}
