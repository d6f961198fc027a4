/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A kernel or a sandbox without openat2(2), as systemd's RestrictSUIDSGID= makes one. */
#ifndef PASSTHRU_TESTS_REFUSE_H
#define PASSTHRU_TESTS_REFUSE_H

#include <stdbool.h>

/*
 * From now on openat2(2) answers ERROR, a positive errno, in this process and in what it starts.
 * Returns false where there are no filters of system calls to do it with.
 */
bool refuse_openat2(int error);

#endif
