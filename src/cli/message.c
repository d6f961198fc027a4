/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "report/exit_status.h"
#include "util/cleanup.h"
#include "util/memory.h"

int cli_usage_error(struct call *call, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	fprintf(stderr, "passthru %s: %s\n", call->command->name, text);
	command_print_usage(call->command, stderr);
	call->status = EXIT_USAGE;
	return -EINVAL;
}

int cli_error(const char *what, int error)
{
	fprintf(stderr, "passthru: %s: %s\n", what, strerror(-error));
	return error;
}

void cli_tell_explain(const struct names *codes, FILE *stream)
{
	if (codes->count)
		fprintf(stream, "%s`passthru explain %s` says more.\n",
			stream == stderr ? "passthru: " : "",
			codes->count == 1 ? codes->items[0] : "CODE");
}

void cli_tell_findings(const struct findings *findings)
{
	_cleanup_(names_free) struct names codes = { 0 };

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		_cleanup_free_ char *remedy = finding_remedy(finding->code, REMEDY_KEY);

		fprintf(stderr, "passthru: %s: %s: %s%s%s\n",
			severity_word(finding_severity(finding->code)), finding_word(finding->code),
			finding->text, remedy ? "; what to do: " : "", remedy ? remedy : "");
		if (finding_severity(finding->code) > SEVERITY_INFO)
			names_add_once(&codes, finding_word(finding->code));
	}
	cli_tell_explain(&codes, stderr);
}
