/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer to the first question of all, "is the IOMMU on?", in one line. No I/O. */
#ifndef PASSTHRU_FACTS_IOMMU_SUMMARY_H
#define PASSTHRU_FACTS_IOMMU_SUMMARY_H

#include "facts/facts.h"

/*
 * "Intel VT-d on, interrupt remapping on", "OFF: intel_iommu=off on the kernel command line; remove
 * it": what the facts say of the IOMMU and of interrupt remapping, and what explains them with one
 * remedy; the reason is there after scan_iommu(). An IOMMU that could not be read is never on. The
 * caller frees it.
 */
char *iommu_summary(const struct facts *facts);

#endif
