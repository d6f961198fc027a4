/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow of the agent up to the plan, for commands that show it. */
#ifndef PASSTHRU_CLI_HOST_H
#define PASSTHRU_CLI_HOST_H

#include "facts/facts.h"
#include "plan/plan.h"
#include "probe/scan.h"
#include "session/sources.h"
#include "want/want.h"

struct host {
	const struct root *root;
	char *cmdline;
	struct want want;
	struct facts facts;
	struct plan plan;
};

/*
 * Read what is wanted below ROOT: the files, or FILE instead, and CMDLINE, or the running kernel's
 * where that is NULL. Without /proc the files alone count. Negative errno when /proc/cmdline is
 * there and cannot be read. host_free() it in any case; ROOT must outlive it.
 */
int host_read(struct host *host, const struct root *root, const char *file, const char *cmdline);

/*
 * Look at the devices, in detail at those that IS_CONCERNED picks, or at all where that is NULL.
 * Negative errno without sysfs.
 */
int host_scan(struct host *host, scan_filter is_concerned, const void *context);

/*
 * Note in the facts what the running host needs, in place of the record that the agent has. What
 * could not be resolved goes to FINDINGS.
 */
void host_survey(struct host *host, struct findings *findings);

/* Plan for the next boot. From here on the facts are those of then: no module's driver is loaded.
 */
void host_plan(struct host *host);

void host_free(struct host *host);

#endif
