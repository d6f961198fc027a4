/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a plan means in writes, as data, in the order in which they are done. No I/O. */
#ifndef PASSTHRU_APPLY_STEPS_H
#define PASSTHRU_APPLY_STEPS_H

#include <stddef.h>

#include "plan/decision.h"

enum step_kind {
	STEP_CLAIM,       /* write driver_override: from here on no other driver can match */
	STEP_RELEASE,     /* unbind the built-in driver that has the device */
	STEP_VF,          /* set what the rule says of a VF; undo that where it is returned */
	STEP_FRAMEBUFFER, /* unbind that of the firmware, which shows the console on the device */
	STEP_SET_BEFORE,  /* set what is set best, or only, while no driver is bound */
	STEP_LOAD,        /* load the stub's module; one step serves all devices that need it */
	STEP_BIND,        /* bind, unless loading did, and read the driver back */
	STEP_SET_AFTER, /* set what the stub driver would set otherwise, and who may open the device
			 */
	STEP_CONFIGURE, /* what the stub driver is to know of a device: xen-pciback's permissive */
	STEP_SETTLE,    /* what could not be bound: give back, hold or leave claimed;
			 * what was refused: see that the stub does not have it */
	STEP_RETURN,    /* give it back to the driver of the host */
};

struct step {
	enum step_kind kind;
	struct decision *decision; /* of STEP_LOAD: the first that needs the module */
};

struct steps {
	struct step *items;
	size_t count;
};

/* The steps of PLAN, which must outlive them. The caller frees ->items. */
void steps_make(struct plan *plan, struct steps *ret);

/* "claim", "release", "vf", "framebuffer", "set-before", "load", "bind", "set-after", "configure",
 * "settle", "return" */
const char *step_word(enum step_kind kind);

#endif
