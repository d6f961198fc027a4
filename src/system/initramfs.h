/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a program runs in the initramfs or on the host behind it. */
#ifndef PASSTHRU_SYSTEM_INITRAMFS_H
#define PASSTHRU_SYSTEM_INITRAMFS_H

#include <stdbool.h>

/*
 * The host has left its initramfs: the kernel unpacks that into a ramfs or a tmpfs
 * (linux/init/do_mounts.c, init_rootfs), and frameworks mark it by /etc/initrd-release. False on
 * any doubt, since a boot counts for more than a call by hand.
 */
bool initramfs_is_left(void);

#endif
