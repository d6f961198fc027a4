/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whether the kernel command line says that the root file system is on the network: the one opinion
 * of guards, needs and rescue. No I/O.
 */
#ifndef PASSTHRU_FACTS_NETWORK_ROOT_H
#define PASSTHRU_FACTS_NETWORK_ROOT_H

#include <stdbool.h>

#include "util/parameter.h"

/*
 * Whether PARAMETER has the initramfs or the kernel bring up the network for the root file system:
 * root= on a server, netroot=, nfsroot=, nbdroot=, boot=nfs, ip= unless it is off or none,
 * rd.neednet unless it is 0, no or off, and what names the initiator or target of iSCSI, FCoE and
 * NVMe over fabrics (dracut.cmdline(7), initramfs-tools(7), live-boot(7), Linux
 * Documentation/admin-guide/nfs/nfsroot.rst). BOOTIF= alone only says which card is meant.
 */
bool network_root_is_asked(const struct parameter *parameter);

/* Whether a parameter of the kernel command line TEXT does; of several root= the last one counts.
 */
bool network_root_find(const char *text);

/* Whether VALUE of root= names a protocol or server, where a block device may stand ("/dev/nfs").
 */
bool network_root_is_remote(const char *value);

#endif
