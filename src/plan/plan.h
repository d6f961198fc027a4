/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The decision for each device: a pure function of what is wanted and what there is. */
#ifndef PASSTHRU_PLAN_PLAN_H
#define PASSTHRU_PLAN_PLAN_H

#include "plan/decision.h"
#include "plan/match.h"

/*
 * Decide. FACTS must be complete (scan_details()) for all devices that the rules concern; WANT and
 * FACTS must outlive the plan. With errors in the want, or passthru off, the plan is empty.
 */
void plan_make(const struct want *want, const struct facts *facts, struct plan *ret);

/* The same where MATCHES of both are there already; they are not looked at for an empty plan. */
void plan_make_matched(const struct want *want, const struct facts *facts,
		       const struct matches *matches, struct plan *ret);

#endif
