/* SPDX-License-Identifier: GPL-2.0-or-later */
/* trial = confirm: without an administrator's word in time, the host goes back. */
#ifndef PASSTHRU_CLI_TRIAL_WAIT_H
#define PASSTHRU_CLI_TRIAL_WAIT_H

#include "cli/command.h"

/*
 * For passthru-confirm.service: wait until the configuration on trial is confirmed, or reboot when
 * its time is over. Returns at once when nothing is to be confirmed. Negative errno, said.
 */
int trial_wait(struct call *call);

/* Begin the time anew, from now on. Negative errno, said. */
int trial_postpone(struct call *call);

#endif
