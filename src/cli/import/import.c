/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru import: what the host uses today, as a passthru.conf. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/import/files.h"
#include "cli/import/host.h"
#include "cli/import/render.h"
#include "cli/progress.h"
#include "report/exit_status.h"
#include "util/cleanup.h"

static int run_import(struct call *call)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(import_host_free) struct import_host host = { 0 };
	_cleanup_free_ char *text = NULL;
	struct progress_line progress = { 0 };

	progress_say(&progress, "reading the configuration of other tools");
	import_read_files(&import, &call->root);
	progress_say(&progress, "reading this host's devices");
	import_host_read(&call->root, &import, &host);
	progress_say(&progress, "writing rules");
	text = import_render(&import, &host);
	progress_end(&progress);
	fputs(text, stdout);
	call->status = import_is_understood(&import) ? EXIT_OK : EXIT_NOT_OK;
	return 0;
}

const struct command import_command = {
	.name = "import",
	.operands = "",
	.summary = "what the host passes through by other means, as a passthru.conf",
	.run = run_import,
};
