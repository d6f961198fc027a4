/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that make udev call the agent for hot-plugged devices. */
#ifndef PASSTHRU_PLAN_UDEV_RULES_H
#define PASSTHRU_PLAN_UDEV_RULES_H

#include "plan/decision.h"

/*
 * Rules for udev (udev(7)) that call AGENT for each new device which a rule of PLAN->want may
 * match, and for PFs whose driver has just bound. udev compares strings, so they match more than
 * the rules do; the agent decides. NULL when there is nothing to call for. The caller frees it.
 */
char *udev_rules_make(const struct plan *plan, const char *agent);

#endif
