/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The end of a trial: the configuration that this boot uses is proven. */
#ifndef PASSTHRU_CLI_TRIAL_PROVE_H
#define PASSTHRU_CLI_TRIAL_PROVE_H

#include "cli/command.h"

/*
 * Record that the configuration on trial is proven, keep it for the next image, and say so. Not
 * before passthru-verify found all devices in the configured state. BY_HAND: an administrator asks,
 * so that trial = confirm is proven as well. Where nothing is on trial that is said, and no error.
 * Negative errno, said on standard error, with the exit status in CALL.
 */
int trial_settle_proof(struct call *call, bool by_hand);

#endif
