/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a directory of sysfs up to the PCI devices that it hangs on: what all surveys end in. */
#ifndef PASSTHRU_PROBE_NEEDS_ANCESTRY_H
#define PASSTHRU_PROBE_NEEDS_ANCESTRY_H

#include "facts/needs.h"
#include "probe/needs/reading.h"

/*
 * Note that the host needs, for WHY, every PCI device on the way to DIRECTORY
 * ("sys/devices/pci0000:00/0000:00:03.0/nvme/nvme0/nvme0n1"), bridges excepted, and where such a
 * device is a virtual function, its physical function. Returns how many PCI devices are on the way.
 */
size_t ancestry_note(const struct survey *survey, const char *directory, enum need_kind kind,
		     const char *why);

#endif
