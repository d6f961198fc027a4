/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kinds of faults. Each is a function that has a rig run its program with all of a kind. */
#ifndef PASSTHRU_FAULTS_CAMPAIGNS_H
#define PASSTHRU_FAULTS_CAMPAIGNS_H

#include "rig.h"

struct campaign {
	const char *name;
	void (*run)(struct rig *rig);
	bool needs_mounts; /* a mount namespace of its own */
	bool has_no_good;  /* nothing is compared with a run without a fault */
};

/* The campaign that is called NAME, or NULL. */
const struct campaign *campaign_find(const char *name);

#endif
