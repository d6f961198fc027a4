/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of the report as JSON, for those who write it and those who change it. */
#ifndef PASSTHRU_REPORT_JSON_H
#define PASSTHRU_REPORT_JSON_H

#include "plan/decision.h"
#include "report/json_value.h"

/* Write TEXT, which may come from outside, as member KEY; null for NULL and "". */
void json_put_text(struct json_text *json, const char *key, const char *text);

/* One of the report's `devices`, as a value of DOCUMENT. */
struct json_value *json_of_decision(const struct decision *decision,
				    struct json_document *document);

/* One of its arrays `findings`. */
struct json_value *json_of_findings(const struct findings *findings,
				    struct json_document *document);

#endif
