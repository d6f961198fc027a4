/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/vfio.h"

#include <string.h>

#include "plan/group.h"
#include "util/cleanup.h"

#define VENDOR_INTEL 0x8086

/* linux/drivers/vfio/pci/vfio_pci.c vfio_pci_dev_in_denylist */
static bool is_denylisted(const struct pci_device *device)
{
	static const uint32_t accelerators[] = {
		0x19e2, 0x19e3, /* QAT C3xxx and its functions */
		0x37c8, 0x37c9, /* QAT C62x */
		0x0435, 0x0443, /* QAT DH895xCC */
		0x0b25, 0x0cfe, /* DSA and IAX of Sapphire Rapids */
	};

	for (size_t i = 0; i < ARRAY_SIZE(accelerators); i++) {
		if (device->vendor == VENDOR_INTEL && device->device == accelerators[i])
			return true;
	}
	return false;
}

void vfio_check_denylist(struct decision *decision, const struct plan *plan)
{
	if (decision->verdict == VERDICT_TAKE && decision->stub->is_vfio &&
	    !plan->facts->denylist_is_off && is_denylisted(decision->device))
		plan_refuse(decision, FINDING_DENYLISTED,
			    "vfio-pci refuses this device: its errata let a guest harm the host");
}

static bool is_on_same_bus(const struct pci_address *a, const struct pci_address *b)
{
	return a->domain == b->domain && a->bus == b->bus;
}

static bool is_for_vfio(const struct plan *plan, const struct pci_device *device)
{
	const struct decision *decision = plan_find(plan, device);

	return decision && decision->verdict == VERDICT_TAKE && decision->stub->is_vfio;
}

/* The first of the devices on the bus of DEVICE, which are next to each other. */
static const struct pci_device *first_on_bus(const struct facts *facts,
					     const struct pci_device *device)
{
	while (device > facts->devices && is_on_same_bus(&device[-1].address, &device->address))
		device--;
	return device;
}

/*
 * Another device on the bus of DECISION's, if VFIO gets all that are there: when no guest has any
 * of them open any more, it resets the bus (linux/drivers/vfio/pci/vfio_pci_core.c
 * vfio_pci_dev_set_try_reset). What was not looked at is not for VFIO. NULL where it cannot.
 */
static const struct pci_device *find_reset_partner(const struct plan *plan,
						   const struct decision *decision)
{
	const struct facts *facts = plan->facts;
	const struct pci_device *device = decision->device, *partner = NULL;

	if (!device->has_parent || facts_has_other_on_bus(facts, &device->address))
		return NULL;
	for (const struct pci_device *other = first_on_bus(facts, device);
	     other < facts->devices + facts->device_count &&
	     is_on_same_bus(&other->address, &device->address);
	     other++) {
		if (!is_for_vfio(plan, other))
			return NULL;
		if (other != device && !partner)
			partner = other;
	}
	return partner;
}

static void judge_reset_of_none(struct decision *decision, const struct plan *plan)
{
	const struct pci_device *partner = find_reset_partner(plan, decision);
	char name[ADDRESS_SIZE];

	if (partner)
		findings_add(
			&decision->findings, FINDING_RESET_BUS,
			"it can only be reset with its bus, together with %s: assign both to the same guest",
			address_format(&partner->address, name));
	else
		findings_add(&decision->findings, FINDING_RESET_MISSING,
			     "the kernel has no reset method for it");
}

static void judge_reset(struct decision *decision, const struct plan *plan)
{
	if (decision->device->reset == RESET_NONE)
		judge_reset_of_none(decision, plan);
	else if (decision->device->reset == RESET_WEAK)
		findings_add(&decision->findings, FINDING_RESET_WEAK,
			     "no FLR or bus reset, only a power-management reset (D3hot)");
}

static void judge_place(struct decision *decision, const struct facts *facts)
{
	const struct pci_device *device = decision->device, *bridge = device;
	char name[ADDRESS_SIZE];

	if (device->is_removable)
		findings_add(
			&decision->findings, FINDING_REMOVABLE,
			"device is behind an external-facing port (Thunderbolt, USB4) and may be unplugged at any time");
	if (device->unread[UNREAD_SHOWN])
		findings_add(&decision->findings, FINDING_UNREADABLE, "%s",
			     device->unread[UNREAD_SHOWN]);
	while ((bridge = facts_parent(facts, bridge))) {
		if (bridge->unread[UNREAD_SHOWN])
			findings_add(&decision->findings, FINDING_UNREADABLE,
				     "of the bridge %s above it: %s",
				     address_format(&bridge->address, name),
				     bridge->unread[UNREAD_SHOWN]);
		if (!bridge->is_conventional_bridge)
			continue;
		findings_add(
			&decision->findings, FINDING_CONVENTIONAL_BRIDGE,
			"behind PCIe-to-PCI bridge %s: all devices there share its requester ID and must go to the same guest",
			address_format(&bridge->address, name));
		return;
	}
}

/* Drivers that leave DMA to user space: ->driver_managed_dma (Linux 5.19), and the rest of VFIO. */
static bool leaves_dma(const struct decision *decision)
{
	return decision->verdict == VERDICT_HOLD ||
	       (decision->verdict == VERDICT_TAKE && decision->stub->leaves_dma);
}

/* Whether the kernel will see no driver of the host on this other member of a group. */
static bool member_is_free(const struct plan *plan, const struct pci_device *member)
{
	const struct decision *decision = plan_find(plan, member);
	const struct stub *stub = plan_stub_of(member);
	uint32_t class = member->class >> 8;

	if (decision && decision_claims(decision))
		return leaves_dma(decision);
	if (plan_takes_domain_of(plan, member))
		return true;
	if (stub)
		return stub->leaves_dma;
	/* pcieport leaves DMA alone, and host bridges have no driver as a rule. */
	if (class == CLASS_PCI_BRIDGE)
		return true;
	return class == CLASS_HOST_BRIDGE && !member->driver[0];
}

/* The first member of DEVICE's group that the host will have; NULL when there is none. */
static const struct pci_device *find_hosts_member(const struct plan *plan,
						  const struct pci_device *device)
{
	const struct device_list members = groups_members(&plan->groups, device->group);

	for_each_member(member, members)
	{
		if (!member_is_free(plan, *member))
			return *member;
	}
	return NULL;
}

/* Other functions are named by group-incomplete; the host's own never go to a guest. */
static void tell_hosts_member(struct decision *decision, const struct pci_device *member)
{
	char name[ADDRESS_SIZE];

	if (device_is_infrastructure(member))
		findings_add(&decision->findings, FINDING_GROUP_OF_HOST,
			     "%s, class %06x, is in its group and stays bound to a host driver",
			     address_format(&member->address, name), member->class);
}

/* A member that no driver has had yet is in no list: what is yes today may be no tomorrow. */
static enum viability judge_possible_member(struct decision *decision, const struct plan *plan)
{
	const struct pci_device *other = group_possible_member(plan, decision->device);
	char name[ADDRESS_SIZE];

	if (!other)
		return VIABILITY_YES;
	findings_add(
		&decision->findings, FINDING_IOMMU_UNTIL_BOUND,
		"%s has no IOMMU group until a driver binds to it, and may then be in group %d: no guest can start while a host driver is bound to it",
		address_format(&other->address, name), decision->device->group);
	return VIABILITY_UNJUDGED;
}

static bool is_assignable(const struct pci_device *device, const struct facts *facts)
{
	bool interrupts_are_safe = facts->interrupt_remapping || facts->allows_unsafe_interrupts ||
				   facts->iommu_kind == IOMMU_KIND_SMMU;

	return device->translated && !device->has_direct_region && interrupts_are_safe;
}

static void judge_viability(struct decision *decision, const struct plan *plan)
{
	const struct pci_device *device = decision->device;
	const struct pci_device *hosts_member = find_hosts_member(plan, device);

	if (device->has_direct_region)
		findings_add(
			&decision->findings, FINDING_DIRECT_REGION,
			"a device in its IOMMU group has a firmware-reserved memory region (RMRR); the kernel will not assign it");
	if (hosts_member)
		tell_hosts_member(decision, hosts_member);
	decision->viability = is_assignable(device, plan->facts) && !hosts_member
				      ? judge_possible_member(decision, plan)
				      : VIABILITY_NO;
}

/* Members of one group with different stub drivers cannot go to one guest. */
static void judge_drivers_of_group(struct decision *decision, const struct plan *plan)
{
	const struct device_list members = groups_members(&plan->groups, decision->device->group);
	char name[ADDRESS_SIZE];

	for_each_member(member, members)
	{
		const struct decision *other = plan_find(plan, *member);

		if (!other || other->verdict != VERDICT_TAKE ||
		    strcmp(other->driver, decision->driver) == 0)
			continue;
		findings_add(&decision->findings, FINDING_GROUP_DRIVERS_DIFFER,
			     "%s of the same group is assigned to %s by the rule from %s",
			     address_format(&other->device->address, name), other->driver,
			     other->rule->origin);
		return; /* one example will do */
	}
}

void vfio_judge(struct decision *decision, const struct plan *plan)
{
	if (decision->verdict != VERDICT_TAKE)
		return;
	judge_reset(decision, plan);
	judge_place(decision, plan->facts);
	judge_drivers_of_group(decision, plan);
	if (decision->stub->is_vfio && !decision->device->group_awaits_bind)
		judge_viability(decision, plan);
}
