/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one source (the files, or the kernel command line) asks for. Both parsers fill this same
 * structure through the same functions, so that whatever works in one works in the other.
 */
#ifndef PASSTHRU_WANT_INTENT_H
#define PASSTHRU_WANT_INTENT_H

#include <stdbool.h>
#include <stddef.h>

#include "finding/finding.h"
#include "want/rule.h"

struct intent {
	struct options options;
	struct rule *rules;
	size_t rule_count;
	/* A hash table of the rules' names: numbers of rules, from 1; 0: nothing. */
	size_t *by_name;
	size_t by_name_size;   /* a power of two */
	unsigned rule_options; /* how many of the rules are passthru.device= and passthru.sriov= */
	bool off;              /* passthru=off or rd.passthru=0 */
	char **skip;           /* names of rules to leave out */
	size_t skip_count;
	struct findings findings;
};

/* Append an empty rule; the pointer holds until the next one is appended. */
struct rule *intent_add_rule(struct intent *intent, enum rule_kind kind, const char *name,
			     const char *origin);

/*
 * Remove the rules of which IS_DROPPED says so, and which it has freed; the others keep their
 * order.
 */
void intent_drop_rules(struct intent *intent, bool (*is_dropped)(struct rule *rule, void *context),
		       void *context);

/* The first rule called NAME, or NULL. */
struct rule *intent_find_rule(const struct intent *intent, const char *name);

void intent_free(struct intent *intent);

#endif
