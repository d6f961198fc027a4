/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that make udev call the agent for hot-plugged devices, and give the nodes of VFIO their
 * owners.
 */
#ifndef PASSTHRU_PLAN_UDEV_RULES_H
#define PASSTHRU_PLAN_UDEV_RULES_H

#include "plan/decision.h"

/* Where udev looks for rules that hold until the next boot. */
#define UDEV_DIRECTORY  "run/udev"
#define RULES_DIRECTORY UDEV_DIRECTORY "/rules.d"

/*
 * Rules for udev (udev(7)) that call AGENT for each new device which a rule of PLAN->want may
 * match, and for PFs whose driver has just bound. udev compares strings, so they match more than
 * the rules do; the agent decides. With them those of the nodes of what PLAN took. NULL when there
 * is nothing to say. The caller frees it.
 */
char *udev_rules_make(const struct plan *plan, const char *agent);

/*
 * Rules that give the nodes of the device of DECISION, in /dev/vfio, the owner and mode of its
 * rule, for as long as its driver_override names its stub driver. The caller frees them.
 */
char *udev_rules_of_nodes(const struct decision *decision);

#endif
