/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was imported, as a file in the form of passthru.conf(5). No I/O. */
#ifndef PASSTHRU_CLI_IMPORT_RENDER_H
#define PASSTHRU_CLI_IMPORT_RENDER_H

#include "cli/import/model.h"
#include "facts/facts.h"

/*
 * Finish IMPORT, and return its rules as sections, each below comments on where it comes from, then
 * the notes. A rule that no section can say (all of a bus, or what is behind a bridge) becomes one
 * section for each device of FACTS that it fits; without any it becomes a note. The caller frees
 * the text.
 */
char *import_render(struct import *import, const struct facts *facts);

#endif
