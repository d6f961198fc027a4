/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a rule takes: a decision for each device that it means, or what it missed. */
#ifndef PASSTHRU_PLAN_RULES_H
#define PASSTHRU_PLAN_RULES_H

#include "plan/decision.h"
#include "plan/match.h"

/*
 * Add the decisions of rule NUMBER to PLAN, as MATCHES has its devices. A rule that no device
 * fits gets one that says so, or one for each device that only its place fits.
 */
void plan_rule(struct plan *plan, size_t number, const struct matches *matches);

#endif
