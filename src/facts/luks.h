/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which encrypted devices ask a person for their key at boot. No I/O. */
#ifndef PASSTHRU_FACTS_LUKS_H
#define PASSTHRU_FACTS_LUKS_H

#include <stdbool.h>

#include "util/names.h"
#include "util/parameter.h"

struct luks {
	struct names met;      /* mappings that the host needs, "UUID NAME", the UUID without '-' */
	struct names unlocked; /* those that something else than a person unlocks, "name:NAME" or
				* "uuid:UUID" */
	bool has_key;          /* the kernel command line has a key for all of them */
};

/* A line of crypttab(5). */
void luks_note_row(struct luks *luks, const char *name, const char *key, const char *options);

/*
 * One of the kernel command line: luks.key=, luks.options= (systemd-cryptsetup-generator(8)), both
 * with "rd." too and for one UUID or for all, cryptkey= of mkinitcpio's hook encrypt, and
 * cryptopts= of initramfs-tools (cryptsetup-initramfs).
 */
void luks_note_parameter(struct luks *luks, const struct parameter *parameter);

/* One of those that were met asks for a passphrase. */
bool luks_asks(const struct luks *luks);

void luks_free(struct luks *luks);

#endif
