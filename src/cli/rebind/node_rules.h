/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A rule for udev that gives the nodes of one device in /dev/vfio their owner and mode, whenever
 * they are made anew. For devices that are assigned after the boot: its rules are not for them.
 */
#ifndef PASSTHRU_CLI_REBIND_NODE_RULES_H
#define PASSTHRU_CLI_REBIND_NODE_RULES_H

#include "plan/decision.h"
#include "system/root.h"

/* Write it for DECISION, if its rule has such. Without udev nothing is written. Failure is a
 * finding. */
void node_rules_write(const struct root *root, struct decision *decision);

/* Remove it, if it is there. */
void node_rules_remove(const struct root *root, const struct pci_device *device);

#endif
