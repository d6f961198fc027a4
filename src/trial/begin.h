/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The trial of a configuration as the agent begins it, before any device is touched. */
#ifndef PASSTHRU_TRIAL_BEGIN_H
#define PASSTHRU_TRIAL_BEGIN_H

#include "finding/finding.h"
#include "system/module.h"
#include "trial/mark.h"
#include "trial/store.h"

struct trial {
	enum trial_verdict verdict;
	struct trial_mark mark;
	char configuration[SHA256_TEXT_SIZE];
};

/*
 * Read the mark of IMAGE into TRIAL. 1 when there is one, 0 without one, which is no trial; so is
 * one that cannot be read, which becomes a finding.
 */
int trial_read_mark(const struct root *image, struct trial *trial, struct findings *findings);

/*
 * Find out whether WANT, the configuration of an image with the mark of TRIAL, may be used, and
 * record before it is that it is tried. What went wrong, and what may not be used, is a finding.
 * One whose state cannot be recorded is used all the same, unless an administrator is to confirm
 * it: that promise could not be kept. A boot is no trial if FINDINGS say that a rule is left out,
 * or if it is to end in rescue mode.
 */
void trial_begin(const struct trial_host *host, const struct want *want, struct trial *trial,
		 struct findings *findings);

/* The configuration is not to be used. */
bool trial_is_refused(const struct trial *trial);

#endif
