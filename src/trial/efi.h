/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of trials in a variable of UEFI. */
#ifndef PASSTHRU_TRIAL_EFI_H
#define PASSTHRU_TRIAL_EFI_H

#include "trial/host.h"

/* Of Linux's name for it, "Name-GUID"; the GUID is passthru's own. */
#define TRIAL_VARIABLE "PassthruTrial-f43afd0e-b965-4fc0-99e9-156823a54460"

/* trial_store_turn() of store.h. */
void trial_efi_turn(const struct trial_host *host, const char *configuration, uint32_t tries,
		    struct trial_turn *ret);

/*
 * What the variable of UEFI says. -ENOENT without one, -EBADMSG when it is not as passthru writes
 * it, -ENODEV without UEFI; other negative errno.
 */
int trial_efi_read(const struct trial_host *host, struct trial_state *ret);

/* Write it, and read it back: -EIO when that is something else. Negative errno. */
int trial_efi_write(const struct trial_host *host, const struct trial_state *state);

/* Remove it. Negative errno. */
int trial_efi_remove(const struct trial_host *host);

#endif
