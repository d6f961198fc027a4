/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which devices rules mean, found out by the product's own readers, with nothing going wrong. */
#ifndef PASSTHRU_FUZZ_TRUTH_H
#define PASSTHRU_FUZZ_TRUTH_H

#include <stdbool.h>

#include "host/check.h"

/* What is known of the configuration that counts for a process. */
struct truth {
	bool is_off, has_errors, is_readable; /* the last: there is a command line */
	bool may_rescue;                      /* root-grace is not 0 */
	bool on_network;                      /* rescue is for network cards as well */
};

/* Set is_meant, allowed and is_functions of the notes of all devices. */
void truth_find(const struct run_of *run, struct truth *ret);

#endif
