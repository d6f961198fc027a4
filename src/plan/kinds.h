/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The devices of the host by what they are, so that no rule has to be compared with all of them. */
#ifndef PASSTHRU_PLAN_KINDS_H
#define PASSTHRU_PLAN_KINDS_H

#include "plan/members.h"
#include "want/selector.h"

struct kinds {
	bool is_made;
	const struct pci_device **items; /* in the order of vendors, devices, then of addresses */
	size_t count;
	uint32_t *others; /* what is known of those that were not looked at, in the same order */
	size_t other_count;
};

/* What is in RET is to be freed by kinds_free(), and good as long as FACTS does not change. */
void kinds_make(const struct facts *facts, struct kinds *ret);

/*
 * The devices with the vendor and device of ID, where it names them, a device not without its
 * vendor: those of one kind after the other, each in the order of their addresses. The rest of ID
 * is for the caller to compare.
 */
struct device_list kinds_find(const struct kinds *kinds, const struct id_pattern *id);

/* Whether one that was not looked at is of just these, which must be named. */
bool kinds_have_other(const struct kinds *kinds, const struct id_pattern *id);

void kinds_free(struct kinds *kinds);

#endif
