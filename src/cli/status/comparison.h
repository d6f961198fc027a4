/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The agent's report beside what holds now, for each way to print it. */
#ifndef PASSTHRU_CLI_STATUS_COMPARISON_H
#define PASSTHRU_CLI_STATUS_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>

#include "report/compare.h"
#include "report/note.h"
#include "session/held.h"
#include "session/session.h"

/* One device of the report. */
struct device_status {
	struct entry *entry;
	struct comparison is;
};

struct status {
	struct store store;
	struct device_status *devices;
	size_t count, good; /* all, and those in the configured state */
	struct held others; /* what a stub driver has now, and not from passthru */
	int others_error;   /* negative errno: they could not be listed */
	bool is_stale;      /* the configuration is another one now */
	struct session host;
	char *iommu; /* iommu_summary() of the host as it is now */
};

/*
 * Read the report below ROOT and compare it with what is there. Negative errno as of store_read();
 * then only ->others and ->iommu are known. status_free() it in any case.
 */
int status_read(const struct root *root, struct status *ret);

/* Everything is in the configured state, and there was no other error. */
bool status_is_good(const struct status *status);

void status_free(struct status *status);

#endif
