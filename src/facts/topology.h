/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What goes together where the kernel has no IOMMU groups, as in a Xen dom0. No I/O. */
#ifndef PASSTHRU_FACTS_TOPOLOGY_H
#define PASSTHRU_FACTS_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts/facts.h"

/*
 * Whether the configuration space CONFIG (LENGTH bytes, at least 64) is that of a bridge to a
 * conventional PCI bus, behind which the requests of all devices bear one requester id: a
 * PCIe-to-PCI bridge, or a bridge that is no PCI Express device at all (PCI Express Base
 * Specification, Device/Port Type in the PCI Express Capabilities Register). False also where the
 * part that could be read (64 bytes, without privilege) does not tell.
 */
bool topology_is_conventional_bridge(const uint8_t *config, size_t length);

/* Whether METHODS, the attribute `reset_method`, has a way to reset this function alone. */
bool topology_resets_alone(const char *methods);

/* What the attribute `reset_method` says; RESET_NONE for "". */
enum reset topology_reset(const char *methods);

/*
 * Give every device a group: those behind one conventional bridge, with that bridge; the functions
 * of a slot where one cannot be reset alone; any other by itself. The number is the index of the
 * group's first member. Needs is_conventional_bridge and resets_alone of all devices.
 */
void topology_derive_groups(struct facts *facts);

#endif
