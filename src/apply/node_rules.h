/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule for udev that gives the nodes of one device in /dev/vfio their owner and mode, whenever
 * they are made anew. For devices that are bound after the boot: its rules are not for them.
 */
#ifndef PASSTHRU_APPLY_NODE_RULES_H
#define PASSTHRU_APPLY_NODE_RULES_H

#include "plan/decision.h"
#include "system/root.h"

/*
 * Write it for each device that PLAN takes and whose rule has such. Returns whether there was one:
 * by itself udev reads it within seconds. Without udev nothing is written. Failure is a finding.
 */
bool node_rules_write(const struct root *root, struct plan *plan);

/* Remove it, if it is there. */
void node_rules_remove(const struct root *root, const struct pci_device *device);

#endif
