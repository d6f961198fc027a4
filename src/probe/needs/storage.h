/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file systems, swap and encrypted devices that the host cannot boot without. */
#ifndef PASSTHRU_PROBE_NEEDS_STORAGE_H
#define PASSTHRU_PROBE_NEEDS_STORAGE_H

#include <stdbool.h>

#include "probe/needs/ancestry.h"

struct storage_found {
	bool root;            /* what the root file system is on, if it is on anything */
	bool asks_passphrase; /* LUKS, without a key file or token */
};

/*
 * Note what is below: /, or the file systems that it is made of, /usr, /boot, /efi and /boot/efi as
 * they are mounted; swap in use; each line of /etc/fstab and /etc/crypttab that the boot waits for,
 * that is without nofail, noauto, _netdev or an automount (systemd.mount(5), crypttab(5)); root=,
 * resume=, mount.usr=, rd.luks.uuid=, rd.lvm.lv= and rd.md.uuid= on CMDLINE (dracut.cmdline(7)). As
 * NEED_STORAGE, and as NEED_NETWORK what is on the network.
 */
void storage_survey(const struct survey *survey, const char *cmdline, struct storage_found *ret);

#endif
