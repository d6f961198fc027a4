/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the state of trials outlives a boot that hangs: a variable of UEFI, or GRUB's environment
 * block, which the agent sees through the kernel command line alone.
 */
#ifndef PASSTHRU_TRIAL_STORE_H
#define PASSTHRU_TRIAL_STORE_H

#include "trial/host.h"
#include "trial/mark.h"

/*
 * Judge CONFIGURATION, which may be tried TRIES times, by what KIND of HOST keeps; when it is to be
 * tried, record that, and read it back, unless HOST only looks.
 */
void trial_store_turn(enum trial_store_kind kind, const struct trial_host *host,
		      const char *configuration, uint32_t tries, struct trial_turn *ret);

/* "the EFI variable PassthruTrial", "GRUB's environment block" */
const char *trial_store_name(enum trial_store_kind kind);

/* What is to be said of ERROR, which one of these gave. */
const char *trial_store_error(int error);

#endif
