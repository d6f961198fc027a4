/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state of trials in GRUB's environment block, in the running system; grub.h is how the agent
 * gets it. The variables are those of /etc/grub.d/01_passthru:
 *
 *   passthru_configuration  of the token; empty without one
 *   passthru_left           how often it may yet be tried
 *   passthru_proven         SHA256[:SHA256...]
 */
#ifndef PASSTHRU_TRIAL_GRUBENV_H
#define PASSTHRU_TRIAL_GRUBENV_H

#include "system/root.h"
#include "trial/state.h"

/*
 * Read the block of the host below ROOT. One that may be tried yet is armed. -ENOENT without a
 * block, -EBADMSG when it is not as passthru writes it; other negative errno.
 */
int grubenv_read(const struct root *root, struct trial_state *ret);

/*
 * Write STATE with GRUB's own program, where an armed configuration may be tried TRIES times (0: as
 * often as before), and read it back: -EIO when that is something else. Negative errno.
 */
int grubenv_write(const struct root *root, const struct trial_state *state, uint32_t tries);

/*
 * Whether GRUB of the host below ROOT hands the state to the agent, and can write where the block
 * is (grub/util/grub.d/00_header.in: not on LVM, RAID, btrfs, ZFS). NULL, or why not.
 */
const char *grubenv_obstacle(const struct root *root);

#endif
