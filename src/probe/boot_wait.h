/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an initramfs with systemd shows of its wait for the root file system. */
#ifndef PASSTHRU_PROBE_BOOT_WAIT_H
#define PASSTHRU_PROBE_BOOT_WAIT_H

#include <stdbool.h>

#include "system/root.h"

/*
 * Whether what sysroot.mount mounts (systemd-fstab-generator(8), systemd-gpt-auto-generator(8)),
 * and sysroot-usr.mount if there is one, is there and udev has settled it (SYSTEMD_READY,
 * systemd.device(5)), or is mounted already, as from the network; or the medium of a live system is
 * mounted (dracut's dmsquash-live). A check of the file system may follow. False where nothing says
 * so.
 */
bool boot_wait_is_over(const struct root *root);

/*
 * Whether a program that runs is asking for a passphrase or the like:
 * https://systemd.io/PASSWORD_AGENTS
 */
bool boot_wait_is_for_user(const struct root *root);

#endif
