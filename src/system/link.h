/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where links lead, as paths from the root: what sysfs and /dev say in their links. */
#ifndef PASSTHRU_SYSTEM_LINK_H
#define PASSTHRU_SYSTEM_LINK_H

#include "system/root.h"

/*
 * *RET becomes the path, from the root and without any "..", that the link LINK points at:
 * "sys/class/net/eth0" gives "sys/devices/pci0000:00/...". One hop, by its text: no other link may
 * be on the way, and nothing has to be there. -EINVAL when LINK is no link, or another negative
 * errno as from readlink(2). The caller frees *RET.
 */
int link_read(const struct root *root, const char *link, char **ret);

/*
 * The same for as many hops as there are; a copy of PATH when it is no link, or not there. -ELOOP
 * for a circle, or another negative errno where a link could not be read.
 */
int link_follow(const struct root *root, const char *path, char **ret);

/* Both for the caller who need not know why there is none: NULL then. */
char *link_target(const struct root *root, const char *link);
char *link_end(const struct root *root, const char *path);

#endif
