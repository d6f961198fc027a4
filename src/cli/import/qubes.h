/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Qubes OS hides from dom0: rd.qubes.* of the kernel command line. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_QUBES_H
#define PASSTHRU_CLI_IMPORT_QUBES_H

#include "cli/import/model.h"

/* Returns whether PARAMETER is one of Qubes'; then it is kept until qubes_end(). */
bool qubes_add(struct qubes *qubes, const struct parameter *parameter, const char *origin);

/* Add what the parameters of one command line say together, and forget them. */
void qubes_end(struct import *import);

#endif
