/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What there is to know of Xen. */
#ifndef PASSTHRU_FACTS_XEN_H
#define PASSTHRU_FACTS_XEN_H

#include <stdbool.h>

#include "util/root.h"

/* This kernel is a Xen dom0: XENFEAT_dom0 (xen/include/public/features.h) in its feature bits. */
bool xen_is_dom0(const struct root *root);

#endif
