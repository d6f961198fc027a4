/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the harness and allocation.c share. */
#ifndef PASSTHRU_FAULTS_ALLOCATION_H
#define PASSTHRU_FAULTS_ALLOCATION_H

struct allocations {
	unsigned failing; /* the number of the one that fails, from 1; 0: none */
	unsigned count, failed;
};

#endif
