/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "finding/finding.h"

#include <stdlib.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

void findings_add_v(struct findings *findings, enum finding_code code, const char *format,
		    va_list arguments)
{
	_cleanup_free_ char *text = memory_vprintf(format, arguments);

	findings->items = memory_grow(findings->items, findings->count, sizeof(findings->items[0]));
	findings->items[findings->count++] =
		(struct finding){ .code = code, .text = text_escape(text) };
}

void findings_add(struct findings *findings, enum finding_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	findings_add_v(findings, code, format, arguments);
	va_end(arguments);
}

void findings_move(struct findings *findings, struct findings *source)
{
	for (size_t i = 0; i < source->count; i++) {
		findings->items =
			memory_grow(findings->items, findings->count, sizeof(findings->items[0]));
		findings->items[findings->count++] = source->items[i];
	}
	free(source->items);
	*source = (struct findings){ 0 };
}

void findings_keep_errors(struct findings *findings)
{
	size_t kept = 0;

	for (size_t i = 0; i < findings->count; i++) {
		if (finding_severity(findings->items[i].code) == SEVERITY_ERROR)
			findings->items[kept++] = findings->items[i];
		else
			free(findings->items[i].text);
	}
	findings->count = kept;
}

void findings_free(struct findings *findings)
{
	for (size_t i = 0; i < findings->count; i++)
		free(findings->items[i].text);
	free(findings->items);
	*findings = (struct findings){ 0 };
}

bool findings_have(const struct findings *findings, enum finding_code code)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].code == code)
			return true;
	}
	return false;
}

enum severity findings_severity(const struct findings *findings)
{
	enum severity gravest = SEVERITY_INFO;

	for (size_t i = 0; i < findings->count; i++) {
		enum severity severity = finding_severity(findings->items[i].code);

		if (severity > gravest)
			gravest = severity;
	}
	return gravest;
}
