/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Physical and virtual functions: who can have some, and who is one of whom. */
#ifndef PASSTHRU_PROBE_SRIOV_H
#define PASSTHRU_PROBE_SRIOV_H

#include "facts/facts.h"
#include "system/root.h"

/*
 * Note for every device of FACTS what sysfs says of SR-IOV: sriov_totalvfs, sriov_numvfs and the
 * links virtfnN (Linux Documentation/ABI/testing/sysfs-bus-pci). The devices must be sorted. It
 * takes a look at each device, so only where somebody wants to know.
 */
void functions_survey(const struct root *root, struct facts *facts);

/*
 * Without that: note of whom the device, whose directory in sysfs is DIRECTORY, is a virtual
 * function, if of any; not which one.
 */
void functions_read_physical(const struct root *directory, struct pci_device *device);

#endif
