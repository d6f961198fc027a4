/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pieces of the report as JSON objects, for those who write it and those who change it. */
#ifndef PASSTHRU_REPORT_JSON_H
#define PASSTHRU_REPORT_JSON_H

#include <json-c/json.h>

#include "plan/plan.h"

/* One of the report's `devices`. The caller puts it. */
struct json_object *json_of_decision(const struct decision *decision);

/* One of its arrays `findings`. The caller puts it. */
struct json_object *json_of_findings(const struct findings *findings);

#endif
