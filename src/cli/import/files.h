/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where a host says what it passes through. A new kind of source is a row in files.c. */
#ifndef PASSTHRU_CLI_IMPORT_FILES_H
#define PASSTHRU_CLI_IMPORT_FILES_H

#include "cli/import/model.h"
#include "system/root.h"

/* Read all sources below ROOT. What is there and cannot be read becomes a note. */
void import_read_files(struct import *import, const struct root *root);

#endif
