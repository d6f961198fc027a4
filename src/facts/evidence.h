/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Signs of why the IOMMU is as it is: from the firmware's tables, the kernel command line and the
 * kernel's log. They explain; whether a device is translated is never concluded from them. No I/O.
 */
#ifndef PASSTHRU_FACTS_EVIDENCE_H
#define PASSTHRU_FACTS_EVIDENCE_H

#include <stdbool.h>

#include "facts/facts.h"
#include "finding/finding.h"

enum sign {
	SIGN_INTEL_OFF,         /* intel_iommu=off */
	SIGN_INTEL_ON,          /* intel_iommu=on */
	SIGN_AMD_OFF,           /* amd_iommu=off */
	SIGN_IOMMU_OFF,         /* iommu=off */
	SIGN_REMAPPING_OFF,     /* intremap=off, nointremap */
	SIGN_AMD_ON,            /* amd_iommu=on, which is no option */
	SIGN_IOMMU_ON,          /* iommu=on, which is none either */
	SIGN_ACS_OVERRIDE,      /* pcie_acs_override=, of a patched kernel */
	SIGN_NO_IOMMU_MODE,     /* vfio.enable_unsafe_noiommu_mode= */
	SIGN_UNSAFE_INTERRUPTS, /* vfio_iommu_type1.allow_unsafe_interrupts= */
	SIGN_DENYLIST_OFF,      /* vfio-pci.disable_denylist= */
	SIGN_INITIALISATION_FAILED,
	SIGN_FIRMWARE_BUG,
	SIGN_REMAPPING_FAILED,
	SIGN_COUNT,
};

struct evidence {
	bool signs[SIGN_COUNT];
	char *firmware_bug; /* the first such line */
	int log_error;      /* negative errno: the kernel's log could not be read */
};

/* Note the signs on the kernel command line TEXT. */
void evidence_read_cmdline(struct evidence *evidence, const char *text);

/* Note the signs in TEXT, of the kernel's own, in the struct evidence CONTEXT (kmsg_each_line). */
void evidence_read_log_line(const char *text, void *context);

/* Say in FINDINGS what explains the state of the IOMMU in FACTS and of interrupt remapping. */
void evidence_explain(const struct evidence *evidence, const struct facts *facts,
		      struct findings *findings);

void evidence_free(struct evidence *evidence);

#endif
