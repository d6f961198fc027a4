/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of trials as the running system reads and writes it, where this host keeps it. */
#ifndef PASSTHRU_TRIAL_PLACE_H
#define PASSTHRU_TRIAL_PLACE_H

#include "system/root.h"
#include "trial/store.h"

/*
 * Find out where the host below ROOT keeps it: *RET. NULL, or why there is no place: *RET_IS_HERE
 * is whether this is a host that boots from ROOT at all, not a chroot or container.
 */
const char *trial_find_place(const struct root *root, enum trial_store_kind *ret,
			     bool *ret_is_here);

/* Read it. -ENOENT when nothing was written yet; -EBADMSG; other negative errno. */
int trial_place_read(const struct root *root, enum trial_store_kind kind, struct trial_state *ret);

/*
 * Write it, and read it back. An armed configuration may be tried TRIES times (the EFI variable
 * leaves that to the image; 0: as often as before). Negative errno.
 */
int trial_place_write(const struct root *root, enum trial_store_kind kind,
		      const struct trial_state *state, uint32_t tries);

/*
 * Make it anew, without anything in it: for one that cannot be read, or was written by another
 * (UEFI 2.10, 8.2: an existing variable keeps its attributes). Negative errno.
 */
int trial_place_clear(const struct root *root, enum trial_store_kind kind);

#endif
