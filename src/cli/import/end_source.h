/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What can be said only after files were read: of one source, and of all. No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_END_SOURCE_H
#define PASSTHRU_CLI_IMPORT_END_SOURCE_H

#include "cli/import/model.h"

/* All files of a source were read: what they say together is added. */
void import_end_source(struct import *import);

/* All sources were read: what the stub drivers' own options say together becomes rules. */
void import_finish(struct import *import);

#endif
