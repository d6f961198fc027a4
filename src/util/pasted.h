/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses and IDs as other programs print them. No I/O. */
#ifndef PASSTHRU_UTIL_PASTED_H
#define PASSTHRU_UTIL_PASTED_H

/*
 * What TEXT is another spelling of, as address_pattern_parse() or filter_parse() take it: "1:00.0",
 * "pci_0000_01_00_0" (libvirt's node devices), "pci-0000:01:00.0" (/dev/disk/by-path),
 * "/sys/bus/pci/devices/0000:01:00.0", "0x10de:0x2184", "[10de:2184]". NULL when it is none of
 * these; then it may be right as it is. The caller frees it.
 */
char *pasted_plain(const char *text);

#endif
