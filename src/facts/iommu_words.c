/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/iommu_words.h"

const char *iommu_kind_word(enum iommu_kind kind)
{
	static const char *const words[] = {
		[IOMMU_KIND_NONE] = "none", [IOMMU_KIND_INTEL] = "intel",
		[IOMMU_KIND_AMD] = "amd",   [IOMMU_KIND_SMMU] = "smmu",
		[IOMMU_KIND_XEN] = "xen",   [IOMMU_KIND_VIRTIO] = "virtio",
	};

	return words[kind];
}

const char *iommu_state_word(enum iommu_state state)
{
	static const char *const words[] = {
		[IOMMU_STATE_UNKNOWN] = "unknown",
		[IOMMU_STATE_ABSENT] = "absent",
		[IOMMU_STATE_OFF] = "off",
		[IOMMU_STATE_ON] = "on",
	};

	return words[state];
}
