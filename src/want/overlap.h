/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that cannot both have what they ask for. No I/O. */
#ifndef PASSTHRU_WANT_OVERLAP_H
#define PASSTHRU_WANT_OVERLAP_H

#include <stddef.h>

#include "want/rule.h"

/*
 * Call FUNCTION for each OTHER of the COUNT rules that means the same physical function or virtual
 * functions as an [sriov] rule, SRIOV, once and with the first such rule that has no overlap of its
 * own: as far as their texts alone tell, by the same address, the same path, or the same id without
 * either. Of two [sriov] rules OTHER is the later one. Rules with other conditions are left out:
 * what only the host can tell is for the plan.
 */
void overlaps_find(const struct rule *rules, size_t count,
		   void (*function)(const struct rule *sriov, const struct rule *other,
				    void *context),
		   void *context);

#endif
