/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The recorded hosts of tests/hosts, each test in them a host of its own. */
#ifndef PASSTHRU_FUZZ_BASE_H
#define PASSTHRU_FUZZ_BASE_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Put the host of tests/hosts/STEM.host into the model, with what its test NUMBER (from 1; 0 for
 * none) adds, and say in *RET_CONF what that has as configuration, or NULL. False when there is no
 * such host. They are read once.
 */
bool base_restore(const char *stem, unsigned number, const char **ret_conf);

size_t base_count(void);

/* The stem of one of them and the number of its test. */
const char *base_name(size_t index, unsigned *ret_number);

#endif
