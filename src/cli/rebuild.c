/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebuild.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/frameworks.h"
#include "cli/message.h"
#include "report/trial.h"
#include "session/sources.h"
#include "system/command.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define ARCHIVE_COMMAND "passthru image -o FILE"
#define ARGUMENTS_MAX   8

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

static int run_command(const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	const char *arguments[ARGUMENTS_MAX + 1] = { NULL };
	char *rest = copy;
	size_t count = 0;
	int status;

	for (char *word; count < ARGUMENTS_MAX && (word = strsep(&rest, " "));)
		arguments[count++] = word;
	status = command_run(arguments);
	if (status < 0)
		return cli_error(text, status);
	if (status > 0)
		fprintf(stderr, "passthru: %s failed with exit status %d\n", text, status);
	return status > 0 ? -EIO : 0;
}

int rebuild_run(const struct root *root)
{
	const char *command = rebuild_command(root);

	if (streq(command, ARCHIVE_COMMAND)) {
		fputs("passthru: no initramfs framework to run here: write the image with " ARCHIVE_COMMAND
		      "\n",
		      stderr);
		return -ENOENT;
	}
	fprintf(stderr, "passthru: running %s\n", command);
	return run_command(command);
}

/* What was booted need not be the image's configuration. */
static bool is_image_of(const struct recorded_trial *trial, const struct want *want)
{
	char configuration[SHA256_TEXT_SIZE];

	trial_identify(want, configuration);
	return streq(configuration, trial->configuration);
}

bool rebuild_is_due(const struct root *root, const struct store *store)
{
	const struct sources_request request = { .at_next_boot = true };
	const struct store_head booted = store_head(store);
	const struct recorded_trial trial = store_trial(store);
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_free_ char *cmdline = NULL;

	if (sources_read_cmdline(root, NULL, &cmdline) < 0)
		return false;
	sources_read(root, &request, cmdline, &want);
	if (want.off)
		return false;
	if (trial.verdict == TRIAL_FAILED || trial.verdict == TRIAL_UNPROVEN)
		return !is_image_of(&trial, &want);
	if (booted.options_sha256 && !streq(booted.options_sha256, want.options_sha256))
		return true;
	return !streq(booted.config_sha256, want.sha256) &&
	       (*booted.config_sha256 || want.rule_count || want.has_errors);
}
