/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/end_source.h"

#include "cli/import/assignments.h"
#include "cli/import/menu_entries.h"

void import_end_source(struct import *import)
{
	assignments_end(import);
	if (import->cmdline.span_count)
		import_cmdline(import, &import->cmdline, CMDLINE_CONFIGURED);
	sourced_free(&import->cmdline);
	menu_entries_end(import);
}

/*
 * What modprobe gives a driver is what is in its files, what is on the kernel command line, and
 * what it is told itself, in this order.
 */
void import_finish(struct import *import)
{
	import_end_source(import);
	import_end_modesets(import);
	natives_move(&import->natives, &import->running);
	natives_move(&import->natives, &import->loading);
	natives_finish(&import->natives, &import->intent);
}
