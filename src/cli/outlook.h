/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What becomes of the configuration at the next boot, besides its plan. */
#ifndef PASSTHRU_CLI_OUTLOOK_H
#define PASSTHRU_CLI_OUTLOOK_H

#include "finding/finding.h"
#include "system/root.h"
#include "want/want.h"

/*
 * Whether WANT, the configuration of the host below ROOT, is proven or goes on trial with the next
 * image that is built: a sentence, or NULL where that is no question. Why it cannot, and that it
 * failed its trial, is a finding.
 */
const char *outlook_of_trial(const struct root *root, const struct want *want,
			     struct findings *findings);

/*
 * What resets the host below ROOT if a boot hangs: without that a trial cannot end by itself. A
 * sentence, which the caller frees.
 */
char *outlook_of_hang(const struct root *root);

#endif
