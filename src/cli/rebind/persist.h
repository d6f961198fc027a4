/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules made on the running host, as files in /etc/passthru.conf.d, for the boots to come. */
#ifndef PASSTHRU_CLI_REBIND_PERSIST_H
#define PASSTHRU_CLI_REBIND_PERSIST_H

#include "cli/rebind/runtime.h"

/*
 * See that a file can be written for each rule of ->want that the configuration does not have yet:
 * another rule or somebody else's file must not have its name. Negative errno when one has; it is
 * said on standard error.
 */
int persist_check(const struct runtime *runtime);

/* Write those files; with --dry-run, name them. Negative errno, said on standard error. */
int persist_write(const struct runtime *runtime);

/*
 * Remove the files that hold the rules of the configuration for the devices of ->want, where
 * passthru wrote them; with --dry-run, name them. Negative errno, also when one is somebody else's.
 */
int persist_remove(const struct runtime *runtime);

#endif
