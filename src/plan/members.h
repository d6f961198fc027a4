/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of the host by their IOMMU groups, so that no check has to look at all of them. */
#ifndef PASSTHRU_PLAN_MEMBERS_H
#define PASSTHRU_PLAN_MEMBERS_H

#include "facts/facts.h"

/* Some devices, in the order of their addresses. */
struct device_list {
	const struct pci_device *const *items;
	size_t count;
};

struct groups {
	const struct pci_device *
		*items; /* those with a group: in the order of groups, then of addresses */
	size_t count;
	/* Those whose group awaits a driver, in the order of places, then of addresses. */
	const struct pci_device **awaiting;
	size_t *places; /* facts_place() of each of these */
	size_t awaiting_count;
};

/* EACH becomes each of MEMBERS in turn, a pointer to it. */
#define for_each_member(each, members)                               \
	for (const struct pci_device *const *each = (members).items; \
	     each && each < (members).items + (members).count; each++)

/* What is in RET is to be freed by groups_free(), and good as long as FACTS does not change. */
void groups_make(const struct facts *facts, struct groups *ret);

/* The devices in GROUP; none for GROUP_NONE. */
struct device_list groups_members(const struct groups *groups, int group);

/*
 * The devices at PLACE, as of facts_place(), whose IOMMU group the kernel makes when a driver is
 * bound (facts_groups_await_bind()).
 */
struct device_list groups_awaiting(const struct groups *groups, size_t place);

void groups_free(struct groups *groups);

#endif
