/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The services that end a trial in the running system. */
#ifndef PASSTHRU_TRIAL_UNITS_H
#define PASSTHRU_TRIAL_UNITS_H

#include "system/root.h"
#include "want/rule.h"

/*
 * Whether the host below ROOT would end a trial that PROOF proves: without that a good
 * configuration is used once, and never again. NULL, or why not.
 */
const char *trial_units_obstacle(const struct root *root, enum trial_choice proof);

#endif
