/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * plan-many KIND COUNT: makes a plan of much, in memory, and prints how much of it came out. What a
 * program does besides, for each rule and each device, costs so much that a product of the two
 * would not be seen in it. KIND is
 *   announce  so many rules by id, on a host with four times as many devices, which they do not
 *             match: those that the stub drivers are told of
 *   alike     so many devices of one rule, which sets the owner of their nodes, and of the kind of
 *             the last one, which the host needs: those that are taken
 *   divided   so many devices on which one rule enables VFs: those on which it does
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/hotplug.h"
#include "plan/plan.h"
#include "util/memory.h"

#define DEVICES_OF_RULE 4

struct host {
	struct want want;
	struct facts facts;
	struct plan plan;
};

/* All of them 8086:10d3, each with an IOMMU group. */
static void make_devices(struct facts *facts, size_t count)
{
	facts->devices = memory_new(count, sizeof(struct pci_device));
	facts->device_count = count;
	facts->iommu_kind = IOMMU_KIND_INTEL;
	facts->iommu_state = IOMMU_STATE_ON;
	facts->interrupt_remapping = true;
	facts->needs_state = NEEDS_KNOWN;
	for (size_t i = 0; i < count; i++)
		facts->devices[i] = (struct pci_device){
			.address = { .domain = (uint32_t)(i >> 16),
				     .bus = i >> 8 & 255,
				     .slot = i >> 3 & 31,
				     .function = i & 7 },
			.path = memory_printf("pci0000:00/%zx", i),
			.vendor = 0x8086,
			.device = 0x10d3,
			.class = 0x020000,
			.group = (int)i,
			.translated = true,
			.reset = RESET_GOOD,
			.is_complete = true,
		};
	facts_sort(facts);
}

/* COUNT rules by id, the first of them of the devices. */
static struct rule *make_rules(struct want *want, enum rule_kind kind, size_t count)
{
	want->rules = memory_new(count, sizeof(struct rule));
	want->rule_count = count;
	for (size_t i = 0; i < count; i++) {
		struct rule *rule = &want->rules[i];

		*rule = rule_make(kind, "many", "plan-many");
		rule->selector.has_id = true;
		rule->selector.id = (struct id_pattern){ 0x8086 + (uint32_t)(i >> 16),
							 (0x10d3 + i) & 0xffff, ID_ANY, ID_ANY };
		rule->options.hotplug = CHOICE_YES;
		rule->allow = ALLOW_NETWORK;
	}
	return want->rules;
}

static void make_announce(struct host *host, size_t count)
{
	make_devices(&host->facts, count * DEVICES_OF_RULE);
	for (size_t i = 0; i < host->facts.device_count; i++)
		host->facts.devices[i].vendor = 0x1af4;
	make_rules(&host->want, RULE_DEVICE, count);
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

static void make_alike(struct host *host, size_t count)
{
	struct rule *rule = make_rules(&host->want, RULE_DEVICE, 1);

	make_devices(&host->facts, count);
	rule->settings.values[SETTING_OWNER] = memory_dup("root");
	needs_add(&host->facts.needs, NEED_NETWORK, &host->facts.devices[count - 1], "the root");
}

static void make_divided(struct host *host, size_t count)
{
	make_rules(&host->want, RULE_SRIOV, 1)->vfs = 1;
	make_devices(&host->facts, count);
	for (size_t i = 0; i < count; i++) {
		host->facts.devices[i].vf_total = 1;
		strcpy(host->facts.devices[i].driver, "igb");
	}
}

static size_t count_verdicts(const struct plan *plan)
{
	size_t count = 0;

	for_each_decision(decision, plan)
		count += decision->verdict == VERDICT_TAKE || decision->verdict == VERDICT_DIVIDE;
	return count;
}

static const struct {
	const char *name;
	void (*make)(struct host *host, size_t count);
	size_t (*count)(const struct plan *plan);
} kinds[] = {
	{ "announce", make_announce, count_announced },
	{ "alike", make_alike, count_verdicts },
	{ "divided", make_divided, count_verdicts },
};

static void plan_many(size_t kind, size_t count)
{
	struct host host = { 0 };

	kinds[kind].make(&host, count);
	plan_make(&host.want, &host.facts, &host.plan);
	printf("%zu\n", kinds[kind].count(&host.plan));
	plan_free(&host.plan);
	facts_free(&host.facts);
	rules_free(host.want.rules, host.want.rule_count);
}

int main(int argc, char **argv)
{
	size_t count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;

	for (size_t i = 0; count && i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].name, argv[1]) != 0)
			continue;
		plan_many(i, count);
		return 0;
	}
	errx(64, "usage: plan-many KIND COUNT");
}
