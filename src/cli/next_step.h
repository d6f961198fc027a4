/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the user has to do before a plan for the next boot comes true. */
#ifndef PASSTHRU_CLI_NEXT_STEP_H
#define PASSTHRU_CLI_NEXT_STEP_H

#include "plan/decision.h"
#include "report/store.h"
#include "system/root.h"

/*
 * Nothing (NULL) where this boot of the system below ROOT had the configuration of now and its
 * devices are as PLAN has them; "reboot" where only the devices are not; else the command that
 * rebuilds the image before that. STORE is the report of this boot, without ->report if there is
 * none. The caller frees it.
 */
char *next_step(const struct root *root, struct store *store, const struct plan *plan);

#endif
