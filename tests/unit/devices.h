/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices that most tables of tests have, as lines for form_host(). */
#ifndef PASSTHRU_TESTS_DEVICES_H
#define PASSTHRU_TESTS_DEVICES_H

/* A graphics card: both functions are in one IOMMU group. */
#define GPU   "0000:01:00.0 10de:2684 030000 group=14 path=pci0000:00/01.0/00.0\n"
#define AUDIO "0000:01:00.1 10de:22bc 040300 group=14\n"
/* Two network cards of the same IDs. */
#define NIC  "0000:02:00.0 8086:10d3 020000 group=15 path=pci0000:00/02.0\n"
#define TWIN "0000:03:00.0 8086:10d3 020000 group=16 path=pci0000:00/06.0\n"

#endif
