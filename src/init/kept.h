/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the image says, kept for the time when the image is gone: a device that comes late is dealt
 * with as it would have been at boot, whatever is in /etc by then.
 */
#ifndef PASSTHRU_INIT_KEPT_H
#define PASSTHRU_INIT_KEPT_H

#include "util/root.h"

/* Copy configuration and record of needs below ROOT to where kept_open() finds them. */
int kept_write(const struct root *root);

/* Open what was kept below ROOT as a root of its own. -ENOENT when nothing was. */
int kept_open(const struct root *root, struct root *ret);

#endif
