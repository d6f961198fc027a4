/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of a source say together. */
#include "cli/import/assignments.h"
#include "cli/import/menus.h"

void import_end_source(struct import *import)
{
	assignments_end(import);
	if (import->cmdline.span_count)
		import_cmdline(import, &import->cmdline, CMDLINE_CONFIGURED);
	sourced_free(&import->cmdline);
	menus_end(import);
}
