/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do what a plan says to the devices, and read back what came of it. */
#ifndef PASSTHRU_APPLY_APPLY_H
#define PASSTHRU_APPLY_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/decision.h"
#include "system/module.h"
#include "system/root.h"

/* The override of a device that no driver is to have; no driver is called so (as driverctl's). */
#define HOLD_OVERRIDE "none"

/* What the guardian knows of its worker, should that hang or die: memory that they share. */
struct progress {
	char step[DRIVER_NAME_SIZE + 64]; /* the last that it began: "bind of ADDRESS for DRIVER" */
	bool is_recorded;                 /* there is a record, if only of the plan */
	bool is_finished; /* and it is the whole one; then this is the exit status: */
	int status;
	bool is_ending; /* the guardian's own child has begun to record the end of the worker */
};

struct apply {
	const struct root *root;
	struct module_index *modules;
	int64_t deadline_ms; /* on clock_ms(); no step that can block begins after it */
	int patience_ms;     /* how long giving one device back may take */
	/* udev will load the drivers of the host by itself: none is loaded for what is returned. */
	bool is_before_udev;
	struct progress *progress;
};

/*
 * Note that something went wrong with the device of DECISION: the first error of it is kept, each
 * becomes a finding, "could not VERB OBJECT: reason". The format is what stands before the colon;
 * the reason is what ERROR means there (reason.h).
 */
void apply_fail(struct decision *decision, int error, enum finding_code code, const char *format,
		...) __attribute__((format(printf, 4, 5)));

/* The same, WHAT and REASON as they are, for a reason that no errno tells. */
void apply_fail_because(struct decision *decision, int error, enum finding_code code,
			const char *what, const char *reason);

/*
 * Load the module of the stub driver of DECISION, unless that driver is there. 0, or a negative
 * errno as from module_load().
 */
int apply_load_driver(const struct apply *apply, const struct decision *decision);

/*
 * Behind apply_plan(): load each stub driver that is not there, and for which WANT has options of
 * its own, without these, so that it binds nothing by them when something else loads it later. A
 * failure is an options-in-force finding; one that PLAN met already is not repeated.
 */
void apply_empty_stubs(const struct apply *apply, const struct want *want, const struct plan *plan,
		       struct findings *findings);

/*
 * Carry out PLAN: claim, release, load, bind, settle; or return. Sets state and error of every
 * decision and adds findings on what failed. The order and the reasons: ORDER in passthru-init(8).
 */
void apply_plan(const struct apply *apply, struct plan *plan);

#endif
