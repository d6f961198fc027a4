/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The address of a PCI function: domain, bus, slot, function (linux/include/linux/pci.h). */
#ifndef PASSTHRU_UTIL_ADDRESS_H
#define PASSTHRU_UTIL_ADDRESS_H

#include <stdbool.h>
#include <stdint.h>

struct pci_address {
	uint32_t domain; /* above ffff behind Intel VMD */
	uint8_t bus;
	uint8_t slot;     /* 0 to 1f */
	uint8_t function; /* 0 to 7 */
};

#define ADDRESS_SIZE sizeof("ffffffff:ff:1f.7")

#define VF_COUNT_MAX 65535 /* NumVFs has 16 bits (linux/include/uapi/linux/pci_regs.h) */

/* An address as a user writes it: the function may be any, for xen-pciback.hide= the slot too. */
struct address_pattern {
	struct pci_address address;
	bool any_slot, any_function;
};

/*
 * Read "DDDD:BB:SS.F" as sysfs writes it: domain of 4 to 8 hexadecimal digits, bus and slot of two.
 * -EINVAL for anything else, with *RET untouched.
 */
int address_parse(const char *text, struct pci_address *ret);

/* The same, but the domain may be left out (then it is 0) and the function may be '*'. */
int address_pattern_parse(const char *text, struct address_pattern *ret);

/* Write ADDRESS as sysfs names the device; returns BUFFER. */
char *address_format(const struct pci_address *address, char buffer[static ADDRESS_SIZE]);

/* <0, 0 or >0, in the order of domain, bus, slot, function. */
int address_compare(const struct pci_address *a, const struct pci_address *b);

/* Whether they are functions of one slot. */
bool address_same_slot(const struct pci_address *a, const struct pci_address *b);

bool address_pattern_matches(const struct address_pattern *pattern,
			     const struct pci_address *address);

/*
 * 0 when TEXT is a path of a device, "pci0000:00/01.0/00.0": a host bridge, then slot.function hop
 * by hop; a bridge domain below a device (Intel VMD) is one more "pciDDDD:BB" on the way. -EINVAL.
 */
int path_check(const char *text);

#endif
