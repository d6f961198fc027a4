/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether the image that was booted has the configuration of now, and how it would get it. */
#ifndef PASSTHRU_CLI_REBUILD_H
#define PASSTHRU_CLI_REBUILD_H

#include <stdbool.h>

#include "report/store.h"
#include "system/root.h"

/*
 * The command that makes the image of the system below ROOT anew, by what is installed and by how
 * the agent was started; `passthru image` where nothing can rebuild an image.
 */
const char *rebuild_command(const struct root *root);

/*
 * Whether the configuration files below ROOT are others than those that the agent had read, whose
 * report is in STORE, or modprobe.d gives the stub drivers other lists of devices. Not where there
 * was and is nothing asked for, nor while passthru is switched off, since then it read none.
 */
bool rebuild_is_due(const struct root *root, const struct store *store);

/*
 * Run that command, which is printed before, with the caller's standard streams. Negative errno
 * when it fails, or when there is none; that is said on standard error.
 */
int rebuild_run(const struct root *root);

#endif
