/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the host needs, found on the running host: storage.h, network.h and keyboard.h together. */
#ifndef PASSTHRU_PROBE_NEEDS_SURVEY_H
#define PASSTHRU_PROBE_NEEDS_SURVEY_H

#include "facts/facts.h"
#include "system/root.h"

#define SURVEY_INCOMPLETE 1

/*
 * Find what the host below ROOT needs of the devices of FACTS (of scan_host()) for its storage, its
 * network and its keyboard, and what the host calls itself; CMDLINE is that of the kernel. What
 * could not be resolved becomes a finding. The caller frees *RET.
 *
 * SURVEY_INCOMPLETE when something could not be read that may name more (FINDING_UNREADABLE): *RET
 * is then what was found all the same, and not to be taken for all there is.
 * -ENOENT when nothing can be said of the root file system, -EXDEV when "/" is not the host's own
 * but that of a chroot or a container: the findings say so, and *RET is untouched.
 *
 * On the host's own "/" tags are also looked up with libblkid and the disks of zfs are asked for
 * with zpool(8), which both need root; a tree elsewhere must have the links of /dev/disk.
 */
int survey_needs(const struct root *root, const char *cmdline, const struct facts *facts,
		 struct needs *ret, struct findings *findings);

#endif
