/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rule of a VF sets of it, by way of the PF's network interface (facts/link_message.h),
 * before the VF is bound; and back again when it is returned.
 */
#ifndef PASSTHRU_APPLY_VF_SETTINGS_H
#define PASSTHRU_APPLY_VF_SETTINGS_H

#include "apply/context.h"

/*
 * Set ->vf_wanted of the VF of DECISION, and see that the kernel has it; ->vf_former becomes what
 * was changed. Where that fails, DECISION has failed. A VF that is bound already is looked at, not
 * changed: it may be in use.
 */
void vf_settings_make(const struct apply *apply, struct decision *decision,
		      const struct facts *facts);

/* Set what is in ->vf_former again, which is empty then. A failure is a finding and no more. */
void vf_settings_undo(const struct apply *apply, struct decision *decision,
		      const struct facts *facts);

/*
 * What of WANTED the kernel has otherwise now of the VF DEVICE: "vlan is 0, not 5", or could not be
 * asked for. NULL where all holds, and below a root that has no kernel; the caller frees it. A VF
 * that is trusted may have given itself another MAC address.
 */
char *vf_settings_difference(const struct root *root, const struct facts *facts,
			     const struct pci_device *device, const struct vf_values *wanted);

#endif
