/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where links lead, as paths from the root: what sysfs and /dev say in their links. */
#ifndef PASSTHRU_UTIL_LINK_H
#define PASSTHRU_UTIL_LINK_H

#include "util/root.h"

/*
 * The path, from the root and without any "..", that the link LINK points at: "sys/class/net/eth0"
 * gives "sys/devices/pci0000:00/...". One hop, by its text: no other link may be on the way, and
 * nothing has to be there. NULL when LINK is no link. The caller frees it.
 */
char *link_target(const struct root *root, const char *link);

/* The same for as many hops as there are; a copy of PATH when it is no link. NULL for a circle. */
char *link_end(const struct root *root, const char *path);

#endif
