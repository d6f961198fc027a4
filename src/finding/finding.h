/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding: one thing worth telling, as data. Every stage of the flow makes them; the log, the
 * report, `check` and the tests print the same ones.
 */
#ifndef PASSTHRU_FINDING_FINDING_H
#define PASSTHRU_FINDING_FINDING_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "finding/catalogue.h"

struct finding {
	enum finding_code code;
	char *text; /* escaped: only 0x20-0x7e */
};

struct findings {
	struct finding *items;
	size_t count;
};

/* Append a finding; its text is escaped here, once, so that no printer has to. */
void findings_add(struct findings *findings, enum finding_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void findings_add_v(struct findings *findings, enum finding_code code, const char *format,
		    va_list arguments) __attribute__((format(printf, 3, 0)));

/* Move all of SOURCE behind those of FINDINGS; SOURCE is empty afterwards. */
void findings_move(struct findings *findings, struct findings *source);

/* Free all of FINDINGS that are no errors. */
void findings_keep_errors(struct findings *findings);

void findings_free(struct findings *findings);

/* One of them has CODE. */
bool findings_have(const struct findings *findings, enum finding_code code);

/* The gravest severity among them, SEVERITY_INFO when there are none. */
enum severity findings_severity(const struct findings *findings);

#endif
