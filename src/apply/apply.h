/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do what a plan says to the devices, and read back what came of it. */
#ifndef PASSTHRU_APPLY_APPLY_H
#define PASSTHRU_APPLY_APPLY_H

#include <stdint.h>

#include "plan/plan.h"
#include "util/module.h"
#include "util/root.h"

/* The override of a device that no driver is to have; no driver is called so (as driverctl's). */
#define HOLD_OVERRIDE "none"

/* What the guardian can tell of a worker that hangs: the last step that it began. */
struct progress {
	char step[96];
};

struct apply {
	const struct root *root;
	struct module_index *modules;
	int64_t deadline_ms; /* on clock_ms(); no step that can block begins after it */
	struct progress *progress;
};

/*
 * Carry out PLAN: claim, release, load, bind, settle. Sets state and error of every decision and
 * adds findings on what failed. The order and the reasons: ORDER in passthru-init(8).
 */
void apply_plan(const struct apply *apply, struct plan *plan);

#endif
