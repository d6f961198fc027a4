/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/iommu_summary.h"

#include "util/cleanup.h"
#include "util/memory.h"

#define VENDOR_INTEL 0x8086
#define VENDOR_AMD   0x1022

/* Those findings that are a reason, by what they explain. */
static const enum finding_code reasons_off[] = {
	FINDING_IOMMU_NO_TABLE,    FINDING_IOMMU_OFF_BY_OPTION, FINDING_IOMMU_NOT_ENABLED,
	FINDING_IOMMU_INIT_FAILED, FINDING_XEN_IOMMU_OFF,       FINDING_XEN_IOMMU_OFF_BY_OPTION,
};
static const enum finding_code reasons_unknown[] = { FINDING_IOMMU_UNKNOWN };
static const enum finding_code reasons_not_remapped[] = {
	FINDING_INTERRUPT_REMAPPING_OFF,
	FINDING_REMAPPING_OPTION,
	FINDING_UNSAFE_INTERRUPTS,
};

static const struct finding *find_reason(const struct facts *facts,
					 const enum finding_code *reasons, size_t count)
{
	const struct findings *findings = &facts->iommu_findings;

	for (size_t i = 0; i < findings->count; i++) {
		for (size_t r = 0; r < count; r++) {
			if (findings->items[i].code == reasons[r])
				return &findings->items[i];
		}
	}
	return NULL;
}

/* "BEFORE: text; remedy", or BEFORE alone where there is no reason. */
static char *explained(const char *before, const struct finding *reason, const char *remedy)
{
	return memory_printf("%s%s%s%s%s", before, reason ? ": " : "", reason ? reason->text : "",
			     remedy ? "; " : "", remedy ? remedy : "");
}

#define FIND_REASON(facts, reasons) find_reason(facts, reasons, ARRAY_SIZE(reasons))

/* The setup calls it by the vendor's name, and the host bridge is of the processor's vendor. */
static char *remedy_of(const struct facts *facts, const struct finding *reason)
{
	uint32_t vendor = facts->device_count ? facts->devices[0].vendor : 0;

	if (!reason || reason->code != FINDING_IOMMU_NO_TABLE)
		return reason ? finding_remedy(reason->code, REMEDY_KEY) : NULL;
	if (vendor == VENDOR_INTEL)
		return memory_dup("enable VT-d in the firmware setup");
	return vendor == VENDOR_AMD ? memory_dup("enable IOMMU (AMD-Vi) in the firmware setup")
				    : finding_remedy(reason->code, REMEDY_KEY);
}

static char *off_text(const struct facts *facts, const char *word)
{
	const struct finding *reason = FIND_REASON(facts, reasons_off);
	_cleanup_free_ char *remedy = remedy_of(facts, reason);

	return explained(word, reason, remedy);
}

static const char *name_of(const struct facts *facts)
{
	static const char *const names[] = {
		[IOMMU_KIND_NONE] = "",       [IOMMU_KIND_INTEL] = "Intel VT-d ",
		[IOMMU_KIND_AMD] = "AMD-Vi ", [IOMMU_KIND_SMMU] = "Arm SMMU ",
		[IOMMU_KIND_XEN] = "",        [IOMMU_KIND_VIRTIO] = "virtio-iommu ",
	};
	bool is_v3 = facts->iommu_kind == IOMMU_KIND_SMMU && facts->is_smmu_v3;

	return is_v3 ? "Arm SMMUv3 " : names[facts->iommu_kind];
}

/* A kernel that makes groups when drivers bind, and some of them are not made yet. */
static bool has_groups_to_come(const struct facts *facts)
{
	for_each_device(device, facts) {
		if (device->group_awaits_bind)
			return true;
	}
	return false;
}

/* Of Arm the interrupt controller is to tell, and Xen tells only if its log still has it. */
static char *remapping_text(const struct facts *facts)
{
	const struct finding *reason = FIND_REASON(facts, reasons_not_remapped);
	_cleanup_free_ char *remedy = reason ? finding_remedy(reason->code, REMEDY_KEY) : NULL;
	bool is_known = facts->iommu_kind != IOMMU_KIND_SMMU && facts->iommu_kind != IOMMU_KIND_XEN;

	if (facts->interrupt_remapping)
		return memory_dup(", interrupt remapping on");
	if (facts->remapping_is_unread)
		return explained(", interrupt remapping unknown",
				 FIND_REASON(facts, reasons_unknown), NULL);
	if (reason)
		return memory_printf(", but %s; %s", reason->text, remedy);
	return memory_dup(is_known ? ", interrupt remapping OFF" : "");
}

static char *on_text(const struct facts *facts)
{
	_cleanup_free_ char *remapping = remapping_text(facts);

	return memory_printf("%son%s%s%s", name_of(facts),
			     facts->iommu_kind == IOMMU_KIND_XEN ? ", says Xen" : "", remapping,
			     has_groups_to_come(facts)
				     ? ", some IOMMU groups unknown until a driver is bound"
				     : "");
}

char *iommu_summary(const struct facts *facts)
{
	switch (facts->iommu_state) {
	case IOMMU_STATE_ON:
		return on_text(facts);
	case IOMMU_STATE_OFF:
		return off_text(facts, "OFF");
	case IOMMU_STATE_ABSENT:
		return off_text(facts, "none");
	case IOMMU_STATE_UNKNOWN:
		break;
	}
	return explained("unknown", FIND_REASON(facts, reasons_unknown), NULL);
}
