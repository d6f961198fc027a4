/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru import: what the host uses today, as a passthru.conf. */
#include <stdio.h>

#include "cli/cli.h"
#include "cli/import/files.h"
#include "cli/import/host.h"
#include "cli/import/render.h"
#include "util/cleanup.h"

int cli_import(const struct cli_options *options)
{
	_cleanup_(import_free) struct import import = { 0 };
	_cleanup_(import_host_free) struct import_host host = { 0 };
	_cleanup_free_ char *text = NULL;

	import_read_files(&import, &options->root);
	import_host_read(&options->root, &import, &host);
	text = import_render(&import, &host);
	fputs(text, stdout);
	return import_is_understood(&import) ? EXIT_OK : EXIT_NOT_OK;
}
