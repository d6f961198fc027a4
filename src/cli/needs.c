/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru needs: what the host cannot do without, as the text that goes into an image. */
#include <errno.h>
#include <stdio.h>

#include "cli/command.h"
#include "cli/message.h"
#include "probe/needs/survey.h"
#include "probe/scan.h"
#include "session/sources.h"
#include "util/cleanup.h"

struct lookup {
	const struct root *root;
	char *cmdline;
	struct facts facts;
	struct needs needs;
	struct findings findings;
};

static void lookup_free(struct lookup *lookup)
{
	free(lookup->cmdline);
	facts_free(&lookup->facts);
	needs_free(&lookup->needs);
	findings_free(&lookup->findings);
}

static int print_needs(struct lookup *lookup)
{
	_cleanup_free_ char *text = NULL;
	int r = survey_needs(lookup->root, lookup->cmdline, &lookup->facts, &lookup->needs,
			     &lookup->findings);

	cli_tell_findings(&lookup->findings);
	/* A record that is not complete would say that the rest is not needed. */
	if (r != 0)
		return r < 0 ? r : -ENODATA;
	text = needs_format(&lookup->needs);
	fputs(text, stdout);
	return 0;
}

static int run_needs(struct call *call)
{
	_cleanup_(lookup_free) struct lookup lookup = { .root = &call->root };
	int r = sources_read_cmdline(lookup.root, NULL, &lookup.cmdline);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	r = scan_host(lookup.root, &lookup.facts);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	return print_needs(&lookup);
}

const struct command needs_command = {
	.name = "needs",
	.operands = "",
	.summary = "what this host needs to boot: the needs file of an image",
	.run = run_needs,
};
