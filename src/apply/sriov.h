/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Make virtual functions without their native driver getting one (Linux
 * Documentation/ABI/testing/sysfs-bus-pci: sriov_numvfs, sriov_drivers_autoprobe).
 */
#ifndef PASSTHRU_APPLY_SRIOV_H
#define PASSTHRU_APPLY_SRIOV_H

#include "apply/context.h"

/*
 * Make as many of the physical function of DECISION as its rule says, and keep all drivers from
 * those that have no driver_override. Before that bring the interface of the PF up, where the rule
 * says so. Negative errno; then none of this holds, and DECISION has failed, or waits where the
 * PF's interface is not there yet, or is down. A driver that makes fewer without an error
 * (linux/drivers/pci/iov.c sriov_numvfs_store) is made to undo it.
 */
int sriov_make(const struct apply *apply, struct decision *decision);

/*
 * Behind sriov_make() and the binding of what PLAN takes: let drivers have the other virtual
 * functions of PHYSICAL, and new ones, again. Negative errno when new ones still get none; -ETIME
 * when there was no time to offer all of the others.
 */
int sriov_release_unused(const struct apply *apply, const struct pci_device *physical,
			 const struct plan *plan);

#endif
