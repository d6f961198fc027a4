/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's list of all PCI functions, /proc/bus/pci/devices (linux/drivers/pci/proc.c
 * show_device): what each is and which driver it has, in one file. It tells no domain. No I/O.
 */
#ifndef PASSTHRU_FACTS_BUS_LIST_H
#define PASSTHRU_FACTS_BUS_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "util/address.h"

struct bus_entry {
	uint16_t place; /* bus, slot and function */
	uint16_t vendor, device;
	const char *driver; /* "" for none; part of the text */
};

struct bus_list {
	struct bus_entry *entries; /* in the order of places */
	size_t count;
};

/* Take TEXT apart, which must outlast *RET. -EINVAL, with *RET untouched, for another form. */
int bus_list_parse(char *text, struct bus_list *ret);

/*
 * The only entry for the place of ADDRESS; NULL when there is none, or one in each of several
 * domains.
 */
const struct bus_entry *bus_list_find(const struct bus_list *list,
				      const struct pci_address *address);

void bus_list_free(struct bus_list *list);

#endif
