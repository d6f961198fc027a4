/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image has to say on the trial of its configuration, and the preparation of that trial. */
#ifndef PASSTHRU_CLI_IMAGE_TRIAL_H
#define PASSTHRU_CLI_IMAGE_TRIAL_H

#include <stdbool.h>

#include "cli/image/fill.h"

/*
 * Where this host can keep the state of a trial, put the mark for the configuration of SESSION, and
 * the configuration that is proven if it is another one; have a new one armed, which is said.
 * RELEASE (or NULL) is the image's kernel. When an administrator was to confirm what could not be
 * undone, why is said on standard error, and the mark has the agent refuse the configuration:
 * -EROFS unless the image IS_MADE_ANYWAY. Other negative errno, said too, when there is to be no
 * image: without the mark it would use the configuration without a trial.
 */
int fill_trial(const struct session *session, const char *release,
	       const struct image_target *target, bool is_made_anyway);

/* The same where the image is to have none: say so if the configuration of SESSION relies on one.
 */
void fill_no_trial(const struct session *session);

#endif
