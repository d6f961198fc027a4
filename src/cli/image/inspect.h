/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a finished initramfs will do at the next boot what the plan says. */
#ifndef PASSTHRU_CLI_IMAGE_INSPECT_H
#define PASSTHRU_CLI_IMAGE_INSPECT_H

#include "cli/command.h"
#include "session/session.h"

/*
 * Look into FILE, an initramfs, an archive of `passthru image`, a unified kernel image or an addon,
 * and say in the findings of SESSION whether it switches passthru off, and unless it has nothing
 * but that switch what it lacks: the agent, the host's configuration as it is now, the modules that
 * the plan needs (or without one the default driver's), a place for the agent before udev and the
 * loading of modules, and a stub that loads it. 1 when something else has to start the agent, by
 * the kernel command line; otherwise 0, or negative errno when that cannot be found out, with the
 * reason on standard error and the exit status in CALL.
 */
int image_check(struct call *call, const char *file, struct session *session);

#endif
