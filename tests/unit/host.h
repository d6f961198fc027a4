/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hosts as text, in the form of tests/README.md. */
#ifndef PASSTHRU_TESTS_HOST_H
#define PASSTHRU_TESTS_HOST_H

#include "tree.h"

/* Lay the host TEXT out in TREE. A failed test for what cannot be understood. */
void host_lay_out(const struct tree *tree, const char *text);

#endif
