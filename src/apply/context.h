/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all that is done to devices is done with: the host, its modules, and how long it may take.
 */
#ifndef PASSTHRU_APPLY_CONTEXT_H
#define PASSTHRU_APPLY_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "plan/decision.h"
#include "system/module.h"
#include "system/root.h"

#define MODULE_TIMEOUT_MS 5000 /* for a module to load */

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
	/* On clock_ms(): what returns or holds devices ends then, for the report is due. */
	int64_t return_by_ms;
	int patience_ms; /* how long giving one device back may take */
	/* udev will load the drivers of the host by itself: none is loaded for what is returned. */
	bool is_before_udev;
	/* udev gives the nodes of what is bound their owner, by the rules of the boot. */
	bool leaves_nodes;
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

/* Milliseconds until the deadline of APPLY, but not more than MOST_MS; 0 once it has come. */
int apply_time_left(const struct apply *apply, int most_ms);

/* Load MODULE, before the deadline and in MODULE_TIMEOUT_MS, as module_load() does. */
int apply_load_module(const struct apply *apply, const char *module, const char *options);

/*
 * The same for the module of STUB, with an empty list of devices, whatever modprobe.d and the
 * kernel command line say.
 */
int apply_load_empty(const struct apply *apply, const struct stub *stub);

/*
 * Load the module of the stub driver of DECISION, unless that driver is there. 0, or a negative
 * errno as from module_load().
 */
int apply_load_driver(const struct apply *apply, const struct decision *decision);

#endif
