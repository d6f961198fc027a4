/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this is, as far as that can be told before any driver is loaded. */
#ifndef PASSTHRU_PROBE_NEEDS_IDENTITY_H
#define PASSTHRU_PROBE_NEEDS_IDENTITY_H

#include "system/root.h"

/*
 * Vendor, product and board as the firmware names them (/sys/class/dmi/id), escaped; "" where it
 * names nothing. Not unique: two machines of one model look alike. The caller frees *RET, which is
 * set in any case. Negative errno when *RET_UNREAD, a part of it, could not be read: then it may be
 * that of another host. -EFBIG is for one that is too long, which is so each time: all the rest was
 * read, and is good for a comparison that succeeds.
 */
int identity_of_host(const struct root *root, char **ret, const char **ret_unread);

#endif
