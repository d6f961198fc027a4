/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the IOMMU is called in the report and in metrics. No I/O. */
#ifndef PASSTHRU_FACTS_IOMMU_WORDS_H
#define PASSTHRU_FACTS_IOMMU_WORDS_H

#include "facts/facts.h"

/* "intel", "none", ... and "on", "unknown", ... as in passthru-report(5) */
const char *iommu_kind_word(enum iommu_kind kind);
const char *iommu_state_word(enum iommu_state state);

#endif
