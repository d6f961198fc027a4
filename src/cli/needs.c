/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru needs: what the host cannot do without, as the text that goes into an image. */
#include <stdio.h>

#include "cli/cli.h"
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

void cli_tell_findings(const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		const char *remedy = finding_remedy(finding->code);

		fprintf(stderr, "passthru: %s: %s: %s%s%s\n",
			severity_word(finding_severity(finding->code)), finding_word(finding->code),
			finding->text, remedy ? "; what to do: " : "", remedy ? remedy : "");
	}
}

static int print_needs(struct lookup *lookup)
{
	_cleanup_free_ char *text = NULL;
	int r = survey_needs(lookup->root, lookup->cmdline, &lookup->facts, &lookup->needs,
			     &lookup->findings);

	cli_tell_findings(&lookup->findings);
	/* A record that is not complete would say that the rest is not needed. */
	if (r != 0)
		return EXIT_NOT_OK;
	text = needs_format(&lookup->needs);
	fputs(text, stdout);
	return EXIT_OK;
}

int cli_needs(const struct cli_options *options)
{
	_cleanup_(lookup_free) struct lookup lookup = { .root = &options->root };
	int r = sources_read_cmdline(lookup.root, NULL, &lookup.cmdline);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	r = scan_host(lookup.root, &lookup.facts);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	return print_needs(&lookup);
}
