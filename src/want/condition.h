/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On which machines a rule counts: its keys match-..., named after [Match] of systemd.link(5) and
 * Condition...= of systemd.unit(5). plan/condition.h judges them. No I/O.
 */
#ifndef PASSTHRU_WANT_CONDITION_H
#define PASSTHRU_WANT_CONDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "util/trait.h"
#include "want/selector.h"

/* One word of a key's value. */
struct condition {
	enum trait trait;
	bool is_negated; /* with a '!' before it: it must not match */
	/*
	 * The pattern (util/glob.h), as it was written without '!' and field; for TRAIT_CMDLINE a
	 * name, in which dashes are underscores, or NAME=PATTERN.
	 */
	char *text;
	struct selector device; /* of TRAIT_DEVICE */
};

#define CONDITIONS_MAX 128 /* of one rule: their judgement takes the square of it */

struct conditions {
	struct condition *items;
	size_t count;
};

/*
 * Append the words of VALUE, separated by spaces, commas or plus signs, as the value of the key
 * that asks for TRAIT; for match-firmware any of its traits is good. -EINVAL for a word that is
 * none, without one, and when they get to be more than CONDITIONS_MAX.
 */
int conditions_parse(enum trait trait, const char *value, struct conditions *conditions);

/*
 * A and B are about the same: among those the ones without '!' are alternatives. The fields of the
 * firmware are different things, and so are the parameters of the command line.
 */
bool condition_is_of(const struct condition *a, const struct condition *b);

/* TEXT, one that the machine has for it, matches; its '!' does not count. Not of TRAIT_DEVICE. */
bool condition_matches(const struct condition *condition, const char *text);

/* The words contradict each other, so that they hold on no machine: the first of them, or NULL. */
const struct condition *conditions_contradiction(const struct conditions *conditions);

/* Both ask the same, word by word. */
bool conditions_equal(const struct conditions *a, const struct conditions *b);

void conditions_free(struct conditions *conditions);

#endif
