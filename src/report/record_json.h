/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The report and its pieces as JSON, in the shape of passthru-report(5): as text, and as values of
 * a document to be added to a report that is there.
 */
#ifndef PASSTHRU_REPORT_RECORD_JSON_H
#define PASSTHRU_REPORT_RECORD_JSON_H

#include "report/record.h"

struct json_document;
struct json_writer;

/* The caller frees it. */
char *record_to_json(const struct record *record);

/* The same as the value of KEY, a literal, or as an item of an array for NULL. */
void record_put_json(struct json_writer *json, const char *key, const struct record *record);

/* Its member `iommu`, with SUMMARY (facts/iommu_summary.h) unless that is NULL. */
void record_put_iommu(struct json_writer *json, const struct facts *facts, const char *summary);

struct json_value *record_to_value(const struct record *record, struct json_document *document);

/* One of the report's `devices`. */
struct json_value *decision_to_value(const struct decision *decision,
				     struct json_document *document);

/* One of its arrays `findings`. */
struct json_value *findings_to_value(const struct findings *findings,
				     struct json_document *document);

#endif
