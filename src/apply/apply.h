/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do what a plan says to the devices, and read back what came of it. */
#ifndef PASSTHRU_APPLY_APPLY_H
#define PASSTHRU_APPLY_APPLY_H

#include "apply/context.h"

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
