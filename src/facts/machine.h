/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this is, as far as conditions of rules ask for it. No I/O: see probe/machine.h. */
#ifndef PASSTHRU_FACTS_MACHINE_H
#define PASSTHRU_FACTS_MACHINE_H

#include "util/names.h"
#include "util/trait.h"

enum trait_state {
	TRAIT_UNASKED,
	TRAIT_KNOWN,
	TRAIT_UNREAD, /* `why` says so */
};

/* What the machine has for one trait: no text where it has no such thing, or several. */
struct trait_fact {
	enum trait_state state;
	struct names texts; /* as they were read: anybody's */
	char *why;
};

struct machine {
	struct trait_fact traits[TRAIT_COUNT];
};

/* The one TEXT of TRAIT, without spaces at its ends. */
void machine_set(struct machine *machine, enum trait trait, const char *text);

/* TRAIT could not be read, for the reason WHY, which is moved there. */
void machine_set_unread(struct machine *machine, enum trait trait, char *why);

/* What conditions compare: the parameters of the kernel command line TEXT, as NAME or NAME=VALUE
 * with underscores in names. */
void machine_set_cmdline(struct machine *machine, const char *text);

/* The word of match-architecture for the MACHINE of uname(2); that itself where there is none. */
const char *machine_architecture(const char *machine);

/*
 * What /sys/devices/system/cpu/modalias says of x86's CPUID bit that hypervisors set: 1 or 0; or
 * -ENOTSUP for another architecture (linux/drivers/base/cpu.c print_cpu_modalias).
 */
int machine_has_hypervisor_bit(const char *modalias);

void machine_free(struct machine *machine);

#endif
