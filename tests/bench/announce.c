/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * announce COUNT: plans so many rules by id on a host with four times as many devices, which they
 * do not match, and prints of how many of them the stub drivers are to be told. What is done for
 * each rule besides costs a program so much that their product would not be seen in it.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>

#include "plan/hotplug.h"
#include "plan/plan.h"
#include "util/memory.h"

#define DEVICES_OF_RULE 4

static void make_want(size_t count, struct want *ret)
{
	*ret = (struct want){ .rules = memory_new(count, sizeof(struct rule)),
			      .rule_count = count };
	for (size_t i = 0; i < count; i++) {
		struct rule *rule = &ret->rules[i];

		*rule = rule_make(RULE_DEVICE, "absent", "announce");
		rule->selector.has_id = true;
		rule->selector.id = (struct id_pattern){ 0x1000 + (uint32_t)(i >> 16), i & 0xffff,
							 ID_ANY, ID_ANY };
		rule->options.hotplug = CHOICE_YES;
	}
}

static void make_facts(size_t count, struct facts *ret)
{
	*ret = (struct facts){ .devices = memory_new(count, sizeof(struct pci_device)),
			       .device_count = count };
	for (size_t i = 0; i < count; i++)
		ret->devices[i] = (struct pci_device){
			.address = { .domain = (uint32_t)(i >> 16),
				     .bus = i >> 8 & 255,
				     .slot = i >> 3 & 31,
				     .function = i & 7 },
			.vendor = 0x8086,
			.device = i & 0xffff,
			.group = GROUP_NONE,
		};
	facts_sort(ret);
}

static size_t count_announced(const struct plan *plan)
{
	size_t count = 0;

	for_each_decision(decision, plan) {
		char *entry = hotplug_is_wanted(decision) ? hotplug_entry(plan, decision) : NULL;

		count += entry != NULL;
		free(entry);
	}
	return count;
}

int main(int argc, char **argv)
{
	size_t count = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	struct facts facts;
	struct want want;
	struct plan plan;

	if (!count)
		errx(64, "usage: announce COUNT");
	make_want(count, &want);
	make_facts(count * DEVICES_OF_RULE, &facts);
	plan_make(&want, &facts, &plan);
	printf("%zu\n", count_announced(&plan));
	plan_free(&plan);
	facts_free(&facts);
	rules_free(want.rules, want.rule_count);
	return 0;
}
