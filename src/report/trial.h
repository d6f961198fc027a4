/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trial of the image's configuration (trial/state.h) in a report. */
#ifndef PASSTHRU_REPORT_TRIAL_H
#define PASSTHRU_REPORT_TRIAL_H

#include "report/store.h"
#include "trial/mark.h"

/* Made by passthru-verify when there is something to settle, with no content. */
#define TRIAL_FLAG      "trial"
#define TRIAL_FLAG_PATH REPORT_DIRECTORY "/" TRIAL_FLAG

struct recorded_trial {
	enum trial_verdict verdict; /* TRIAL_NONE also for a report that knows of no trials */
	const char *configuration;
	bool awaits_confirmation; /* the proof is an administrator's */
	uint32_t within_s;
};

struct recorded_trial store_trial(const struct store *store);

/*
 * The plan for the device of ENTRY was carried out, whatever it was: one that is absent, or left to
 * the host, is no reason against a configuration. One that failed or had to be given back is.
 */
bool entry_is_as_planned(const struct entry *entry);

/* The agent came to its end, and gave nothing back for want of a root file system. */
bool store_ended_well(const struct store *store);

/*
 * This boot used the configuration of WANT without a trial (its image is older than trials), and
 * got to passthru-verify. With a rule left out it would say nothing of that one.
 */
bool store_came_up_with(const struct store *store, const struct want *want);

/* passthru-verify found both of these, and nothing changed since the initramfs. */
bool store_is_as_planned(const struct store *store);
void store_set_as_planned(struct store *store, bool is_as_planned);

/* The configuration is proven now. */
void store_set_proven(struct store *store);

#endif
