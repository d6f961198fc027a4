/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Digests of configurations, for tables of tests of trials. */
#ifndef PASSTHRU_TESTS_DIGEST_H
#define PASSTHRU_TESTS_DIGEST_H

#define TIMES_8(text) text text text text text text text text
#define DIGEST(digit) TIMES_8(TIMES_8(digit))

#define A DIGEST("a")
#define B DIGEST("b")
#define C DIGEST("c")
#define D DIGEST("d")
#define E DIGEST("e")

#endif
