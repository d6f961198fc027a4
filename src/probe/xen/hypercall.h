/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hypercalls from dom0, through the kernel's privcmd driver (linux/include/uapi/xen/privcmd.h).
 *
 * These two ioctls are all that libxencall would do for us. It knows neither the layout of sysctl
 * (libxenctrl does, for the one Xen release it was built with, while an image must boot under
 * several) nor how to live without /dev/xen/hypercall in an initramfs; so it does not earn its
 * place.
 */
#ifndef PASSTHRU_PROBE_XEN_HYPERCALL_H
#define PASSTHRU_PROBE_XEN_HYPERCALL_H

#include <stddef.h>
#include <stdint.h>

#include "system/root.h"

struct hypercall {
	int privcmd_fd;
	int buffer_fd; /* /dev/xen/hypercall, or negative before Linux 4.18 */
};

/* Negative errno; hypercall_close() takes one that did not open. */
int hypercall_open(const struct root *root, struct hypercall *ret);
void hypercall_close(struct hypercall *hypercall);

/*
 * Memory that stays where it is while the hypervisor works on it: from /dev/xen/hypercall, else
 * locked anonymous pages. NULL when there is none.
 */
void *hypercall_buffer_new(const struct hypercall *hypercall, size_t size);
void hypercall_buffer_free(void *buffer, size_t size);

/* Issue hypercall OP. Returns what the hypervisor returned, a negative errno (those of Linux). */
int hypercall_issue(const struct hypercall *hypercall, uint64_t op, uint64_t first,
		    uint64_t second);

#endif
