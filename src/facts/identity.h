/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which machine this is, as far as that can be told before any driver is loaded. */
#ifndef PASSTHRU_FACTS_IDENTITY_H
#define PASSTHRU_FACTS_IDENTITY_H

#include "util/root.h"

/*
 * Vendor, product and board as the firmware names them (/sys/class/dmi/id), escaped; "" where it
 * names nothing. Not unique: two machines of one model look alike. The caller frees it.
 */
char *identity_of_host(const struct root *root);

#endif
