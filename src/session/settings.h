/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the devices that a plan takes have of what is to be set of them. */
#ifndef PASSTHRU_SESSION_SETTINGS_H
#define PASSTHRU_SESSION_SETTINGS_H

#include "plan/decision.h"
#include "system/root.h"

/*
 * Read for each device that PLAN takes what is to be set of it, before anything is: ->former of
 * its settings. What the host does not have is dropped, with a finding.
 */
void settings_survey(const struct root *root, struct plan *plan);

#endif
