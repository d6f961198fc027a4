/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to know of Xen: whether we are its dom0, and what it says of the IOMMU. */
#ifndef PASSTHRU_PROBE_XEN_XEN_H
#define PASSTHRU_PROBE_XEN_XEN_H

#include "facts/facts.h"
#include "system/module.h"
#include "system/root.h"

/*
 * Set FACTS->platform: dom0 by XENFEAT_dom0 (xen/include/public/features.h) in the feature bits,
 * which every kernel shows, else by the start flags (Linux 6.3); a domU is as bare metal to us.
 */
void xen_find_platform(const struct root *root, struct facts *facts);

/*
 * In a dom0 Linux sees no IOMMU: ask the hypervisor. Sets kind, state and interrupt remapping;
 * state unknown, with the reason among the iommu_findings, when the hypervisor does not answer.
 * Loads xen-privcmd where it is missing.
 */
void xen_survey_iommu(const struct root *root, struct module_index *modules, struct facts *facts);

#endif
