/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Devices that a stub driver had before passthru ran, though no rule gives it them: by the option
 * of a built-in driver, or by new_id, driverctl or a script.
 */
#ifndef PASSTHRU_PLAN_OTHERS_H
#define PASSTHRU_PLAN_OTHERS_H

#include "plan/decision.h"

/*
 * Behind plan_make(), at boot: decide to give back to the host (VERDICT_RETURN) what of these it
 * needs. The others stay as they are and are bound-by-other findings: of their decision, if a rule
 * matches them and they were refused, else in FINDINGS.
 */
void others_decide(struct plan *plan, struct findings *findings);

#endif
