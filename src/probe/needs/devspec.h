/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What names a block device in fstab, crypttab and on the command line. */
#ifndef PASSTHRU_PROBE_NEEDS_DEVSPEC_H
#define PASSTHRU_PROBE_NEEDS_DEVSPEC_H

#include <stdbool.h>

#include "probe/needs/ancestry.h"

/*
 * UUID=, LABEL=, PARTUUID=, PARTLABEL= or ID= and a value, for PARTUUID= perhaps with /PARTNROFF=N
 * behind it (Linux Documentation/admin-guide/kernel-parameters.rst, root=), a path below /dev, or
 * MAJOR:MINOR.
 */
bool devspec_is(const char *spec);

/*
 * The directory of sysfs ("sys/devices/...") of the block device that SPEC names, or NULL. Tags are
 * looked up as links that udev made below /dev/disk and then, unless the root is a tree elsewhere,
 * with libblkid. *RET_TRIED is where it was looked for, to tell when it was not found. The caller
 * frees what is returned.
 */
char *devspec_find(const struct survey *survey, const char *spec, const char **ret_tried);

#endif
