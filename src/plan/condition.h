/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rules are for this machine: conditions of a want, judged by the facts. */
#ifndef PASSTHRU_PLAN_CONDITION_H
#define PASSTHRU_PLAN_CONDITION_H

#include "facts/facts.h"
#include "finding/finding.h"
#include "want/want.h"

/*
 * Set the standing of each rule of WANT. Of the words of a rule on one thing, those without '!' are
 * alternatives, of which one must match, and those with it must not match; all things that are
 * asked for must hold. FACTS need what machine_survey() reads of want_traits(); what could not be
 * read leaves a rule whose other conditions hold as STANDING_UNKNOWN.
 */
void conditions_judge(struct want *want, const struct facts *facts);

/* Append to FINDINGS those rules of WANT that are set aside, and why. */
void conditions_tell(const struct want *want, struct findings *findings);

#endif
