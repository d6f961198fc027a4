/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an image has to say on the trial of its configuration, and the preparation of that trial. */
#ifndef PASSTHRU_CLI_IMAGE_TRIAL_H
#define PASSTHRU_CLI_IMAGE_TRIAL_H

#include "cli/image/fill.h"

/*
 * Where this host can keep the state of a trial, put the mark for the configuration of SESSION, and
 * the configuration that is proven if it is another one; have a new one armed, which is said.
 * RELEASE (or NULL) is the image's kernel. -EROFS when an administrator was to confirm what could
 * not be undone; why is said on standard error, and the agent will not use the configuration. Other
 * negative errno when there is to be no image.
 */
int fill_trial(const struct session *session, const char *release,
	       const struct image_target *target);

/* The same where the image is to have none: say so if the configuration of SESSION relies on one.
 */
void fill_no_trial(const struct session *session);

#endif
