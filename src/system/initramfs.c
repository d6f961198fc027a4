/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "system/initramfs.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

bool initramfs_is_left(void)
{
	struct statfs system;

	return statfs("/", &system) == 0 && system.f_type != RAMFS_MAGIC &&
	       system.f_type != TMPFS_MAGIC && access("/etc/initrd-release", F_OK) < 0 &&
	       errno == ENOENT;
}
