/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stub drivers that a device can be given to. A new one is a row in stub.c. */
#ifndef PASSTHRU_WANT_STUB_H
#define PASSTHRU_WANT_STUB_H

#include <stdbool.h>
#include <stddef.h>

#include "util/names.h"

#define STUB_NAMES_MAX 2

/* Whose guests get devices from a stub driver. */
enum hypervisor_kind {
	HYPERVISOR_ANY, /* it only keeps other drivers away, anywhere */
	HYPERVISOR_KVM, /* it cannot work in a Xen dom0 */
	HYPERVISOR_XEN, /* it works in a Xen dom0 only */
};

struct stub {
	const char *name;                          /* in the configuration */
	const char *module;                        /* for modprobe */
	const char *aliases[STUB_NAMES_MAX];       /* what the module is called elsewhere */
	const char *extra_modules[STUB_NAMES_MAX]; /* without which it is of no use in an image */
	const char *family; /* the names of modules that belong to it begin so; or NULL */
	const char *driver; /* in driver_override and below /sys/bus/pci/drivers */
	enum hypervisor_kind hypervisor;
	/* What it has can be handed out by VFIO; a variant may suit a device better. */
	bool is_vfio;
	bool leaves_dma;  /* user space may do DMA in a group where it has a member */
	bool lists_slots; /* what it takes without an override it knows by address, not by ids */
	/* Binding takes long (a reset), so that it pays to bind many at once. */
	bool is_slow;
	/*
	 * The module's own option: the list of devices that it takes of its own accord. It is made
	 * empty wherever the module is loaded, since our claims say what it takes.
	 */
	const char *native_option;
};

/* The stubs by number, from 0; NULL behind the last one. */
const struct stub *stub_at(size_t number);

/* The names of STUB's module by number, from 0; NULL behind the last one. */
const char *stub_module_name(const struct stub *stub, size_t number);

/* The stub called NAME, or NULL. */
const struct stub *stub_find(const char *name);

/* The stub whose driver is called DRIVER in sysfs, or NULL. */
const struct stub *stub_find_driver(const char *driver);

/* The same; for a driver that is a variant of vfio-pci, by its name, that is vfio-pci. */
const struct stub *stub_of_driver(const char *driver);

/* The stub whose module WORD is, or to which that module belongs; or NULL. */
const struct stub *stub_of_module(const char *word);

/* TEXT has the name of a module in it that is a stub's, or belongs to one. */
bool stub_is_named_in(const char *text);

/* What `driver = auto` means in a Xen dom0, and elsewhere. */
const struct stub *stub_default(bool in_dom0);

/* Append to NAMES those of all stubs, and all modules that an image has for them. */
void stub_list_names(struct names *names);
void stub_list_modules(struct names *names);

#endif
