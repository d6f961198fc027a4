/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the variables of a file that a shell reads mean. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_ASSIGNMENTS_H
#define PASSTHRU_CLI_IMPORT_ASSIGNMENTS_H

#include "cli/import/model.h"

/* Add what the variables mean that import_end_source() finds set. */
void assignments_end(struct import *import);

#endif
