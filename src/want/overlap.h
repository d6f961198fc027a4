/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that cannot both have what they ask for. No I/O. */
#ifndef PASSTHRU_WANT_OVERLAP_H
#define PASSTHRU_WANT_OVERLAP_H

#include <stdbool.h>

#include "want/intent.h"

/*
 * Whether SRIOV, an [sriov] rule, and OTHER mean the same physical function or virtual functions,
 * as far as their texts alone tell: by the same address, the same path, or the same id without
 * either. What only the host can tell is for the plan.
 */
bool rules_overlap(const struct rule *sriov, const struct rule *other);

#endif
