/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebuild.h"

#include <stdlib.h>
#include <string.h>

#include "cli/frameworks.h"
#include "report/stored.h"
#include "session/sources.h"
#include "util/cleanup.h"

#define ARCHIVE_COMMAND "passthru image -o FILE"

/* The agent came with an archive of its own. */
static bool is_archive(const struct root *root)
{
	_cleanup_free_ char *cmdline = NULL;

	return sources_read_cmdline(root, NULL, &cmdline) == 0 &&
	       strstr(cmdline, "rdinit=/passthru-init");
}

const char *rebuild_command(const struct root *root)
{
	const struct framework *framework = is_archive(root) ? NULL : framework_of_host(root);

	return framework ? framework->rebuild : ARCHIVE_COMMAND;
}

/* A record of an agent that knew nothing of these options does not say. */
static bool has_other_options(const struct json_value *report, const char *digest)
{
	return json_get(report, "options_sha256") &&
	       strcmp(stored_text(report, "options_sha256"), digest) != 0;
}

bool rebuild_is_due(const struct root *root, const struct json_value *report)
{
	const struct sources_request request = { .at_next_boot = true };
	const char *booted = stored_text(report, "config_sha256");
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *cmdline = NULL;

	if (sources_read_cmdline(root, NULL, &cmdline) < 0)
		return false;
	sources_read(root, &request, cmdline, &want);
	if (want.off)
		return false;
	if (has_other_options(report, want.options_sha256))
		return true;
	return strcmp(booted, want.sha256) != 0 && (*booted || want.rule_count || want.has_errors);
}
