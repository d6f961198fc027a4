/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru import: what the host uses today, as a passthru.conf. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/import/files.h"
#include "cli/import/render.h"
#include "probe/scan.h"
#include "report/exit_status.h"
#include "util/cleanup.h"

static bool is_understood(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++) {
		if (import->notes[i].kind == NOTE_UNCLEAR)
			return false;
	}
	return true;
}

static int run_import(struct call *call)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_free_ char *text = NULL;

	import_read_files(&import, &call->root);
	/* Without a host to look at, there is only less that can be said. */
	scan_host(&call->root, &facts);
	text = import_render(&import, &facts);
	fputs(text, stdout);
	call->status = is_understood(&import) ? EXIT_OK : EXIT_NOT_OK;
	return 0;
}

const struct command import_command = {
	.name = "import",
	.operands = "",
	.summary = "what the host passes through by other means, as a passthru.conf",
	.run = run_import,
};
