/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How this host makes its initramfs. */
#ifndef PASSTHRU_CLI_REBUILD_H
#define PASSTHRU_CLI_REBUILD_H

#include "util/root.h"

/* The command that makes the image anew, of the framework that is installed below ROOT. */
const char *rebuild_command(const struct root *root);

#endif
