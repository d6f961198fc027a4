/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/device.h"

#include "util/cleanup.h"
#include "util/memory.h"

/* Only a network is somebody's to cut off; a file system is unmounted, a guest shut down. */
static bool may_be_interrupted(const struct decision *decision)
{
	return decision->device->usage == USAGE_NONE ||
	       (decision->device->usage == USAGE_NETWORK && decision->rule->allow & ALLOW_NETWORK);
}

/*
 * A "bridge" of the class for others can be a device like any, such as an NVSwitch. Chipsets have
 * some, too, so a rule must name it.
 */
static bool is_named_other_bridge(const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;

	return device_is_other_bridge(decision->device) &&
	       (selector->has_id || selector->has_address || selector->path) &&
	       !findings_have(&decision->findings, FINDING_GROUP_WHOLE);
}

void check_is_not_the_hosts(struct decision *decision, const struct plan *plan)
{
	const struct pci_device *device = decision->device;

	(void)plan;
	if (device_is_infrastructure(device) && !is_named_other_bridge(decision))
		plan_refuse(decision, FINDING_BRIDGE,
			    "class %06x: bridges, ISA and SMBus functions are never assigned",
			    device->class);
	else if (decision_has_other_driver(decision) && device->driver_is_module &&
		 !decision->rule->at_run_time)
		plan_refuse(decision, FINDING_DRIVER_IN_USE,
			    "already bound to %s, a loaded module, which may be using it",
			    device->driver);
	else if (decision_has_other_driver(decision) && !may_be_interrupted(decision))
		plan_refuse(decision, FINDING_IN_USE, "%s", device->used_by);
	else
		return;
	decision->verdict = VERDICT_REFUSE; /* held, it would be lost to the host, too */
}

void note_bound_already(struct decision *decision, const struct plan *plan)
{
	(void)plan;
	if (decision->verdict == VERDICT_TAKE && decision_is_bound(decision))
		findings_add(&decision->findings, FINDING_ALREADY_BOUND, "already bound to %s",
			     decision->driver);
}

/* A stub driver where it cannot work is not even tried. */
void check_platform(struct decision *decision, const struct plan *plan)
{
	bool in_dom0 = facts_in_dom0(plan->facts);

	if (decision->verdict != VERDICT_TAKE)
		return;
	if (in_dom0 && decision->stub->hypervisor == HYPERVISOR_KVM)
		plan_refuse(decision, FINDING_XEN_DOM0, "%s is configured in a Xen dom0",
			    decision->driver);
	else if (!in_dom0 && decision->stub->hypervisor == HYPERVISOR_XEN)
		plan_refuse(decision, FINDING_NOT_XEN,
			    "%s is configured, but this is not a Xen dom0%s", decision->driver,
			    decision_is_bound(decision) ? ": no guest can get the device from it"
							: "");
	else if (plan->facts->platform == PLATFORM_XEN_DOM0_PVH)
		findings_add(&decision->findings, FINDING_XEN_PVH, "this dom0 is PVH");
}

void check_iommu(struct decision *decision, const struct plan *plan)
{
	const char *unread = decision->device->unread[UNREAD_GROUP];
	bool unknown = unread || plan->facts->iommu_state == IOMMU_STATE_UNKNOWN;
	_cleanup_free_ char *what =
		memory_printf("%s%s%s",
			      unknown ? "could not read whether an IOMMU translates its DMA"
				      : "no IOMMU translates its DMA",
			      unread ? ": " : "", unread ? unread : "");

	if (decision->verdict != VERDICT_TAKE || decision->device->translated)
		return;
	if (decision->device->group_awaits_bind) {
		findings_add(
			&decision->findings, FINDING_IOMMU_UNTIL_BOUND,
			"this kernel makes its IOMMU group when a driver binds, and none has: the agent binds it to pci-stub first, then decides");
		return;
	}
	if (decision->rule->options.iommu == IOMMU_REQUIRE)
		plan_refuse(decision, unknown ? FINDING_IOMMU_UNKNOWN : FINDING_IOMMU_OFF, "%s",
			    what);
	else
		findings_add(&decision->findings, FINDING_IOMMU_IGNORED,
			     "%s; bound because of iommu = warn", what);
}
