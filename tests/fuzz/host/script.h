/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host is and what happens to it, as text that a person can read and a fuzzer can change: a
 * statement a line, a word and numbers behind it. Numbers that are left out are 0, which always is
 * the harmless choice; those that are too large are taken modulo what there is; what is unknown is
 * left out. So every text is a host.
 */
#ifndef PASSTHRU_FUZZ_SCRIPT_H
#define PASSTHRU_FUZZ_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STATEMENT_ARGUMENTS 14
#define STATEMENTS_MAX      160

struct statement {
	char word[16];
	char name[32]; /* what follows where that is no number, "" else */
	unsigned arguments[STATEMENT_ARGUMENTS];
};

struct script {
	struct statement statements[STATEMENTS_MAX];
	size_t count;
};

void script_parse(const uint8_t *data, size_t size, struct script *ret);

/* A kind of statement, for the mutator: how many numbers it takes, and how large each may be. */
struct statement_form {
	const char *word;
	unsigned char limits[STATEMENT_ARGUMENTS];
	unsigned char weight; /* how often it is put in */
};

extern const struct statement_form statement_forms[];

/* Names for the statement `base`, from base.h. */
const char *script_any_base(unsigned number, unsigned *ret_test);

size_t script_mutate(uint8_t *data, size_t size, size_t size_max, unsigned seed);

#endif
