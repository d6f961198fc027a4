/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/account.h"

#include <stdio.h>

#include "cli/message.h"
#include "cli/terminal.h"
#include "util/cleanup.h"
#include "util/names.h"

/* What to print of the record's lines, and how. */
struct printer {
	enum severity severity;
	struct terminal terminal;
};

static void print_line(enum severity severity, const char *text, void *context)
{
	static const char *const colours[] = {
		[SEVERITY_INFO] = "",
		[SEVERITY_WARNING] = "\033[33m",
		[SEVERITY_ERROR] = "\033[31m",
	};
	const struct printer *printer = context;
	bool is_coloured = printer->terminal.has_colours && *colours[severity];

	if (severity == printer->severity)
		printf("%s%s%s\n", is_coloured ? colours[severity] : "", text,
		       is_coloured ? "\033[0m" : "");
}

void account_print(const struct record *record)
{
	struct printer printer = { .terminal = terminal_get() };

	for (int severity = SEVERITY_ERROR; severity >= SEVERITY_INFO; severity--) {
		printer.severity = (enum severity)severity;
		record_each_line(record, print_line, &printer);
	}
}

static void add_codes(struct names *codes, const struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		names_add_once(codes, finding_word(findings->items[i].code));
}

void account_tell_explain(const struct record *record)
{
	_cleanup_(names_free) struct names codes = { 0 };

	for (size_t i = 0; record->plan && i < record->plan->count; i++)
		add_codes(&codes, &record->plan->decisions[i].findings);
	if (record->facts)
		add_codes(&codes, &record->facts->iommu_findings);
	add_codes(&codes, &record->findings);
	cli_tell_explain(&codes, stdout);
}

struct record account_of(const struct session *session, const char *kernel, const char *iommu)
{
	return (struct record){
		.program = "passthru " PASSTHRU_VERSION,
		.kernel = kernel,
		.config_sha256 = session->want.sha256,
		.options_sha256 = session->want.options_sha256,
		.facts = session->is_scanned ? &session->facts : NULL,
		.iommu_summary = iommu,
		.plan = session->is_scanned ? &session->plan : NULL,
		.findings = session->findings,
	};
}
