/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/host.h"

#include <errno.h>
#include <stdlib.h>

#include "probe/needs/console.h"
#include "probe/needs/survey.h"
#include "probe/sriov.h"
#include "system/module.h"

int host_read(struct host *host, const struct root *root, const char *file, const char *cmdline)
{
	struct sources_request request = {
		.main_file = file,
		.cmdline = cmdline,
		.reads_when_off = true,
		.at_next_boot = true,
	};
	int r;

	host->root = root;
	r = sources_read(root, &request, &host->want, &host->cmdline);
	if (r != -ENOENT)
		return r;
	request.cmdline = "";
	return sources_read(root, &request, &host->want, &host->cmdline);
}

static bool is_any(const struct facts *facts, const struct pci_device *device, const void *context)
{
	(void)facts, (void)device, (void)context;
	return true;
}

int host_scan(struct host *host, scan_filter is_concerned, const void *context)
{
	struct module_index *modules;
	int r = scan_host(host->root, &host->facts);

	if (r < 0)
		return r;
	functions_survey(host->root, &host->facts);
	modules = module_index_open(host->root);
	scan_details(host->root, modules, host->cmdline, &host->facts,
		     is_concerned ? is_concerned : is_any, context);
	module_index_close(modules);
	return 0;
}

void host_survey(struct host *host, struct findings *findings)
{
	struct facts *facts = &host->facts;

	int r = survey_needs(host->root, host->cmdline, facts, &facts->needs, findings);

	if (r >= 0)
		facts->needs_state = r == 0 ? NEEDS_KNOWN : NEEDS_DAMAGED;
	console_survey(host->root, facts, &facts->needs);
}

void host_plan(struct host *host)
{
	facts_as_at_boot(&host->facts);
	plan_make(&host->want, &host->facts, &host->plan);
}

void host_free(struct host *host)
{
	plan_free(&host->plan);
	facts_free(&host->facts);
	want_free(&host->want);
	free(host->cmdline);
}
