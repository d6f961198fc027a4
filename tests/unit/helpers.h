/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all unit tests share: tables of tests, and assertions that show what was there instead. */
#ifndef PASSTHRU_TESTS_HELPERS_H
#define PASSTHRU_TESTS_HELPERS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "finding/finding.h"
#include "util/cleanup.h"

struct suite {
	struct CMUnitTest *tests;
	size_t count;
};

/* One test called NAME. */
void suite_add(struct suite *suite, const char *name, CMUnitTestFunction test);

/*
 * One test for each row of the array ROWS, called "WHAT: " and the row's first member, which is a
 * string. TEST gets the row as *state.
 */
#define suite_add_rows(suite, what, test, rows) \
	suite_add_each_row(suite, what, test, rows, ARRAY_SIZE(rows), sizeof((rows)[0]))
void suite_add_each_row(struct suite *suite, const char *what, CMUnitTestFunction test,
			const void *rows, size_t count, size_t size);

/* Run them and free SUITE. Returns the exit status. */
int suite_run(struct suite *suite, const char *name);

/*
 * FINDINGS are those of EXPECTED, in this order: one line each, "CODE: TEXT", where TEXT may be
 * only the beginning. NULL and "" for none.
 */
void assert_findings(const struct findings *findings, const char *expected);

/*
 * Four times as much of WORK takes less than eight times as long: it is not quadratic, which would
 * be sixteen times. Processor time is compared, the best of three; half a second is too little to
 * tell.
 */
void assert_not_quadratic(void (*work)(size_t count), size_t count);

/* Fail, and show both texts in full, where cmocka cuts them off. */
void fail_showing(const char *expected, const char *actual);

/* The whole file PATH (from the top of the source tree), or a failed test. The caller frees it. */
char *read_source(const char *path);

#endif
