/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of trials in GRUB's environment block. No I/O. */
#ifndef PASSTHRU_TRIAL_GRUB_H
#define PASSTHRU_TRIAL_GRUB_H

#include "trial/host.h"

/* trial_store_turn() of store.h. */
void trial_grub_turn(const struct trial_host *host, const char *configuration, uint32_t tries,
		     struct trial_turn *ret);

/*
 * What GRUB says on the kernel command line CMDLINE, with conf of /etc/grub.d/01_passthru:
 * passthru.trial=WORD:SHA256[:SHA256...], where the first is of the token ("-" without one), the
 * others are proven. WORD is "armed" when GRUB could not write, "trying" when it has just recorded
 * that, "failed" for one that was tried before. -ENOMSG without such an option, -EBADMSG.
 */
int trial_grub_parse(const char *cmdline, struct trial_state *ret, bool *ret_is_turned);

#endif
