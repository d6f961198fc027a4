/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other doors: modules, the hypervisor, other programs, libblkid. */
#ifndef PASSTHRU_FUZZ_DOORS_H
#define PASSTHRU_FUZZ_DOORS_H

#include <stdbool.h>
#include <stdint.h>

/* The hypervisor, as it answers. */
struct hypervisor {
	bool is_there;
	uint32_t version; /* of the sysctl interface */
	uint32_t capabilities;
	const char *console, *cmdline;
	int error; /* of every hypercall, or 0 */
};

void doors_reset(void);

struct hypervisor *doors_hypervisor(void);

/* What `zpool status` prints; NULL: there is no such program. */
void doors_set_zpool(const char *text);

/* The module index cannot be opened. */
void doors_lose_index(void);

#endif
