/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules that make udev call the agent for devices that come later. */
#ifndef PASSTHRU_PLAN_UDEV_RULES_H
#define PASSTHRU_PLAN_UDEV_RULES_H

#include "plan/decision.h"

/*
 * Rules for udev (udev(7)) that call AGENT for later devices which a rule of PLAN->want may mean,
 * and for physical functions that get their driver. They may match more; the agent decides. NULL
 * when nothing is to be watched. The caller frees it.
 */
char *udev_rules_make(const struct plan *plan, const char *agent);

#endif
