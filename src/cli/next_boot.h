/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the agent will do at the next boot of a host, this one or a recorded one. */
#ifndef PASSTHRU_CLI_NEXT_BOOT_H
#define PASSTHRU_CLI_NEXT_BOOT_H

#include <stdbool.h>

#include "session/session.h"

/*
 * After session_read_next_boot(): look at the host and plan. All that is of no device goes to the
 * session's findings. Negative errno without sysfs (a chroot): there is only the configuration.
 */
int next_boot_plan(struct session *session);

/*
 * What that amounts to, as an exit status (passthru(8)): with errors in the configuration, as
 * IS_LENIENT and with passthru switched off nothing else counts.
 */
int next_boot_status(const struct session *session, bool is_lenient);

#endif
