/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The image that a framework is making in a directory gets all that is ours but the agent. */
#ifndef PASSTHRU_CLI_IMAGE_BUILD_H
#define PASSTHRU_CLI_IMAGE_BUILD_H

#include "cli/command.h"

/*
 * Put into the directory INTO the configuration, files of modprobe.d that name a stub, the needs
 * file, and for the kernel RELEASE (or NULL: none) the module list and modules that it could not
 * decompress, and WITH_TRIAL what fill_trial() puts. Negative errno when there is to be no image;
 * why is said. Where a package manager asks for it, an error of the configuration is no such
 * reason.
 */
int build_into(struct call *call, const char *into, const char *release, bool with_trial);

#endif
