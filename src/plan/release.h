/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The plan of giving devices back, on the running host. */
#ifndef PASSTHRU_PLAN_RELEASE_H
#define PASSTHRU_PLAN_RELEASE_H

#include "plan/decision.h"

/*
 * Decide to give back (VERDICT_RETURN) every device that the rules of WANT mean. Left as it is,
 * with a finding: one that a guest has, and one that a driver of the host has already. FACTS as for
 * plan_make(), after usage_survey(); both must outlive the plan.
 */
void release_plan(const struct want *want, const struct facts *facts, struct plan *ret);

#endif
