/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The disks of a zfs pool, which only zpool(8) can tell. */
#ifndef PASSTHRU_PROBE_NEEDS_ZFS_H
#define PASSTHRU_PROBE_NEEDS_ZFS_H

#include "system/root.h"
#include "util/names.h"

/* Add to RET each device that TEXT, from `zpool status -LP`, names: "/dev/sda3". No I/O. */
void zfs_parse_status(const char *text, struct names *ret);

/*
 * Add to RET the devices of the pool that DATASET ("rpool/ROOT/debian") is in. Asks zpool(8), so
 * -EXDEV for a ROOT that is not the host's own; other negative errno as from command_output().
 */
int zfs_find_devices(const struct root *root, const char *dataset, struct names *ret);

#endif
