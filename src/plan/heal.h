/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices a boot may be waiting for when its root file system does not appear. */
#ifndef PASSTHRU_PLAN_HEAL_H
#define PASSTHRU_PLAN_HEAL_H

#include <stdbool.h>

#include "plan/plan.h"

/*
 * Whether the kernel command line TEXT has the root file system come by the network
 * (dracut.cmdline(7) root=nfs: and the like, netroot=, rd.neednet=1, ip=; Linux
 * Documentation/admin-guide/nfs).
 */
bool heal_root_is_on_network(const char *text);

/*
 * Whether DECISION keeps a device from the host that the root file system may be on: storage or a
 * USB controller, with ON_NETWORK a network card as well; unless its rule allows just that.
 */
bool heal_concerns(const struct decision *decision, bool on_network);

#endif
