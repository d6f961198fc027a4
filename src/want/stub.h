/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stub drivers that a device can be given to. A new one is a row in stub.c. */
#ifndef PASSTHRU_WANT_STUB_H
#define PASSTHRU_WANT_STUB_H

#include <stdbool.h>

#include <stddef.h>

#define STUB_COUNT 3

/* Where a stub driver can do its work. */
enum stub_host {
	STUB_ANYWHERE,
	STUB_NOT_IN_DOM0,
	STUB_ONLY_IN_DOM0,
};

struct stub {
	const char *name;   /* in the configuration */
	const char *module; /* for modprobe */
	const char *driver; /* in driver_override and below /sys/bus/pci/drivers */
	enum stub_host host;
	bool is_vfio; /* what it has can be handed out by VFIO; a variant may suit a device better
		       */
	bool leaves_dma;  /* user space may do DMA in a group where it has a member */
	bool lists_slots; /* what it takes without an override it knows by address, not by ids */
	/* Binding takes long (a reset), so that it pays to bind many at once. */
	bool is_slow;
	/*
	 * Options for the module that win over those of modprobe.d and command line: they empty the
	 * list by which it would take devices of its own accord. Our claims say what it takes.
	 */
	const char *load_options;
};

/* The stubs by number, from 0 to STUB_COUNT - 1. */
const struct stub *stub_at(size_t number);

/* The stub called NAME, or NULL. */
const struct stub *stub_find(const char *name);

/* The stub whose driver is called DRIVER in sysfs, or NULL. */
const struct stub *stub_find_driver(const char *driver);

/* The same; for a driver that is a variant of vfio-pci, by its name, that is vfio-pci. */
const struct stub *stub_of_driver(const char *driver);

/* What `driver = auto` means in a Xen dom0, and elsewhere. */
const struct stub *stub_default(bool in_dom0);

#endif
