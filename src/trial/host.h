/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the stores of the state are asked, and answer. */
#ifndef PASSTHRU_TRIAL_HOST_H
#define PASSTHRU_TRIAL_HOST_H

#include "system/module.h"
#include "system/root.h"
#include "trial/state.h"

struct trial_host {
	const struct root *root;
	const char *cmdline;          /* of the kernel */
	struct module_index *modules; /* to load efivarfs from; or NULL */
	bool only_looks;              /* record no trial */
};

/* What came of trial_store_turn(). */
struct trial_turn {
	enum trial_verdict verdict;
	int read_error;  /* 0, or negative: it counts as one that was neither proven nor tried */
	int write_error; /* 0, or negative: it is not recorded that the configuration is tried */
};

#endif
