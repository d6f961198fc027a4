/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a finished initramfs will do at the next boot what the plan says. */
#ifndef PASSTHRU_CLI_IMAGE_INSPECT_H
#define PASSTHRU_CLI_IMAGE_INSPECT_H

#include "session/session.h"

/*
 * Unpack the image FILE with the program of whatever made it, and say in the findings of SESSION
 * what it lacks: the agent, the host's configuration as it is now, the modules that the plan needs
 * (or without one the default driver's), and a place for the agent before udev and the loading of
 * modules. Returns -1 when that could be found out, or an exit status, with the reason on standard
 * error.
 */
int image_check(const char *file, struct session *session);

#endif
