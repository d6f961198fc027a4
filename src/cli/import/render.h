/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was imported, as a file in the form of passthru.conf(5). No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_RENDER_H
#define PASSTHRU_CLI_IMPORT_RENDER_H

#include "cli/import/resolve.h"

/*
 * IMPORT, finished and resolved, as text: its rules as sections, below comments on where each comes
 * from, then the notes. The caller frees it.
 */
char *import_render(struct import *import, const struct import_host *host);

#endif
