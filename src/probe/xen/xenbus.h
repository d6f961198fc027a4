/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which guest has a device of xen-pciback: xenstore knows, and is asked without its library. */
#ifndef PASSTHRU_PROBE_XEN_XENBUS_H
#define PASSTHRU_PROBE_XEN_XENBUS_H

#include <stdint.h>

#include "system/root.h"
#include "util/address.h"

/*
 * Find the guest that the device at ADDRESS is connected to, or being so: 0, with its domain id;
 * -ENOENT when there is none; another negative errno when there are guests with PCI devices and
 * xenstore cannot be asked. The keys are those of xen-pciback
 * (linux/drivers/xen/xen-pciback/xenbus.c): num_devs and dev-N below the node of each back end.
 */
int xenbus_find_guest(const struct root *root, const struct pci_address *address,
		      uint32_t *ret_domain);

/*
 * Read the value at PATH in xenstore into BUFFER of SIZE bytes, over FD (/dev/xen/xenbus;
 * xen/include/public/io/xs_wire.h). -ENOENT without such a path, -EPROTO on an answer that is none,
 * -ETIMEDOUT when nobody answers.
 */
int xenbus_read(int fd, const char *path, char *buffer, size_t size);

#endif
