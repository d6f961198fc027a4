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

/* passthru-verify found each device in the configured state, and no error. */
bool store_is_verified(const struct store *store);

/* The configuration is proven now. */
void store_set_proven(struct store *store);

#endif
