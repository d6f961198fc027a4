/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stub drivers that a device can be given to. A new one is a row in stub.c. */
#ifndef PASSTHRU_WANT_STUB_H
#define PASSTHRU_WANT_STUB_H

#include <stdbool.h>
#include <stddef.h>

struct stub {
	const char *name;   /* in the configuration */
	const char *module; /* for modprobe */
	const char *driver; /* in driver_override and below /sys/bus/pci/drivers */
	/* "NAME.ids": the stub's own way to be told devices on the kernel command line. */
	const char *ids_option;
};

/* The stub called NAME, or NULL. */
const struct stub *stub_find(const char *name);

/* What `driver = auto` means on this kind of host. */
const struct stub *stub_default(void);

/* The stub of row INDEX, or NULL behind the last. */
const struct stub *stub_at(size_t index);

#endif
