/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is in a directory, in an order that is always the same. */
#ifndef PASSTHRU_SYSTEM_LISTING_H
#define PASSTHRU_SYSTEM_LISTING_H

#include "system/root.h"
#include "util/names.h"

/*
 * The names in DIRECTORY below ROOT that end in SUFFIX ("" for all) and do not begin with a dot, in
 * byte order. Negative errno when it cannot be read, with *RET empty; names_free() it anyway.
 */
int listing_read(const struct root *root, const char *directory, const char *suffix,
		 struct names *ret);

#endif
