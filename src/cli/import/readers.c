/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The readers of all sources but modprobe.d: each has a grammar of its own. */
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

void import_read_running(struct import *import, const char *file, const char *text)
{
	_cleanup_(sourced_free) struct sourced cmdline = { 0 };

	sourced_add(&cmdline, text, strlen(text), file);
	import_cmdline(import, &cmdline, CMDLINE_RUNNING);
}

/* mkinitcpio leaves out comments; who does not has them on a line that nobody meant. */
static void on_cmdline(char *line, const char *origin, void *context)
{
	struct import *import = context;

	sourced_add(&import->cmdline, line, strlen(line), origin);
	sourced_add(&import->cmdline, " ", 1, origin);
}

void import_read_cmdline(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_cmdline, import);
}

static void on_host_name(char *line, const char *origin, void *context)
{
	struct import *import = context;

	(void)origin;
	free(import->host_name);
	import->host_name = memory_copy(line, strcspn(line, "."));
}

void import_read_host_name(struct import *import, const char *file, const char *text)
{
	lines_each(file, text, "#", on_host_name, import);
}
