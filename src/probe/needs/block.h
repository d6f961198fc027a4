/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From a block device down through all that it is made of, to the PCI devices. */
#ifndef PASSTHRU_PROBE_NEEDS_BLOCK_H
#define PASSTHRU_PROBE_NEEDS_BLOCK_H

#include "facts/tables.h"
#include "probe/needs/ancestry.h"
#include "util/names.h"

/*
 * Note all PCI devices that the block device at DIRECTORY (of sysfs) rests on, for WHAT ("/",
 * "swap"): through partitions, device mapper (LUKS, LVM), md, bcache and whatever else has
 * `slaves`, all members of a btrfs or bcachefs, all controllers of an NVMe namespace, the file
 * system (one of MOUNTS) with the file of a loop device, and over the network to iSCSI, NVMe and
 * NBD servers. Links in circles end. LUKS mappings are added to RET_LUKS, "UUID NAME". False, with
 * a finding, when something on the way ends nowhere.
 */
bool block_note(const struct survey *survey, const struct mounts *mounts, const char *directory,
		const char *what, struct names *ret_luks);

/*
 * The directory of sysfs of the block device, or one of those, that MOUNT is on. NULL for a file
 * system on none. The caller frees it.
 */
char *block_of_mount(const struct survey *survey, const struct mount *mount);

#endif
