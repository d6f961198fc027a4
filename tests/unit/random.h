/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Random hosts and rules, the same ones on every machine. */
#ifndef PASSTHRU_TESTS_RANDOM_H
#define PASSTHRU_TESTS_RANDOM_H

#include <stdint.h>
#include <stdio.h>

struct random {
	uint64_t state;
};

/* A number from 0 to LIMIT - 1. */
unsigned random_below(struct random *random, unsigned limit);

/*
 * Write one to four [device] sections to STREAM, some with `allow`: by address, path, id or class,
 * for storage and network cards in the first SLOTS slots of bus 00 with ids 1b36:1 to 1b36:3.
 */
void random_rules(struct random *random, FILE *stream, unsigned slots);

#endif
