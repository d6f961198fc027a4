/* SPDX-License-Identifier: GPL-2.0-or-later */
/* MAC addresses that two rules give to VFs. */
#ifndef PASSTHRU_WANT_SHARED_MAC_H
#define PASSTHRU_WANT_SHARED_MAC_H

#include "want/rule.h"

/*
 * Call FUNCTION for two of RULES that give one address each, the one that stands earlier first, but
 * not where they have different conditions: they may be for different machines. Of a rule with
 * several such others not each of them is told.
 */
void shared_macs_find(const struct rule *rules, size_t count,
		      void (*function)(const struct rule *rule, const struct rule *other,
				       void *context),
		      void *context);

#endif
