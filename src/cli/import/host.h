/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host is like now, as far as import wants to know. */
#ifndef PASSTHRU_CLI_IMPORT_HOST_H
#define PASSTHRU_CLI_IMPORT_HOST_H

#include "cli/import/resolve.h"
#include "system/root.h"

/*
 * Look at the host below ROOT; without a /sys it has nothing. What is there and cannot be read
 * becomes a note of IMPORT. import_host_free() ends it.
 */
void import_host_read(const struct root *root, struct import *import, struct import_host *ret);

#endif
