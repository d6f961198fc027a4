/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Everything that one run has to tell: what the log lines and the report are made of. */
#ifndef PASSTHRU_REPORT_RECORD_H
#define PASSTHRU_REPORT_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "facts/facts.h"
#include "finding/finding.h"
#include "plan/decision.h"
#include "util/buffer.h"

/* PASSTHRU_VERSION is the Makefile's, from the file VERSION. */
#define REPORT_VERSION   1
#define REPORT_DIRECTORY "run/passthru"
#define REPORT_NAME      "report.json"
/* Nothing longer is written, nor read: some 150,000 devices. */
#define REPORT_SIZE_MAX (256 << 20)
/* The configuration of the image, as long as the agent goes by it. */
#define IMAGE_COPY_DIRECTORY REPORT_DIRECTORY "/image"
#define REPORT_PATH          REPORT_DIRECTORY "/" REPORT_NAME

/* Where it waits while there is no /run that will last: see agent/pid1.c. */
#define REPORT_EARLY_DIRECTORY "dev/passthru"
#define REPORT_EARLY_PATH      REPORT_EARLY_DIRECTORY "/" REPORT_NAME

/* Of the configuration of the image, which need not be the one that was used. */
struct record_trial {
	const char *state; /* as of trial_word(); NULL: no trial */
	const char *configuration, *proof;
	uint32_t within_s; /* of the proof "confirm" */
};

struct record {
	const char *program;
	const char *kernel;
	const char *config_sha256;
	const char *options_sha256; /* of what modprobe.d gives the stub drivers */
	int64_t duration_us;
	const struct facts *facts;
	const char *iommu_summary; /* of facts/iommu_summary.h; NULL: it is left out */
	const struct plan *plan;
	struct findings findings; /* those that are of no one device */
	struct record_trial trial;
};

/* Append "bound to vfio-pci, group 14": how DECISION ended, or what is planned. */
void record_put_outcome(struct buffer *line, const struct decision *decision);

/* Append "gpu 0000:01:00.0 [10de:2684]": what DECISION is about. */
void record_put_subject(struct buffer *line, const struct decision *decision);

/* Append both, and for the option of a stub driver where that is: DECISION in one line. */
void record_put_device(struct buffer *line, const struct decision *decision);

/* How grave its outcome is, whatever its findings are. */
enum severity record_severity_of(const struct decision *decision);

/* Everything asked for is as it was asked for. */
bool record_is_good(const struct record *record);

/*
 * Call LINE for every line of the record's account: an outcome for each decision, each finding
 * behind its decision, those of no device last.
 */
void record_each_line(const struct record *record,
		      void (*line)(enum severity severity, const char *text, void *context),
		      void *context);

#endif
