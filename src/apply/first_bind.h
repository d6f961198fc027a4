/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first driver that a device gets. Before Linux 6.15 the kernel makes the IOMMU group of a
 * device behind an SMMU when a driver is bound to it (linux/drivers/base/dd.c really_probe), so a
 * verdict on the IOMMU takes that first.
 */
#ifndef PASSTHRU_APPLY_FIRST_BIND_H
#define PASSTHRU_APPLY_FIRST_BIND_H

#include "apply/context.h"

/* Whether PLAN takes devices whose group awaits that. */
bool first_bind_is_needed(const struct plan *plan);

/*
 * Bind each of these to pci-stub, which does nothing to it, or where that is missing to its own
 * stub driver, and unbind it; then call NOTE, with 0 or why that failed, for its group to be read.
 * Until first_bind_settle(), and a claim, HOLD_OVERRIDE keeps all drivers off it.
 */
void first_bind(const struct apply *apply, const struct plan *plan,
		void (*note)(const struct pci_device *device, int error, void *context),
		void *context);

/*
 * Return to the host what is fenced in that way and PLAN, made after it, does not claim. Before
 * that plan is on record: it says that nothing was done to these.
 */
void first_bind_settle(const struct apply *apply, struct plan *plan);

#endif
