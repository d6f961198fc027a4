/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's answer to one request about a network interface, by rtnetlink(7). */
#ifndef PASSTHRU_SYSTEM_LINK_SOCKET_H
#define PASSTHRU_SYSTEM_LINK_SOCKET_H

#include "system/root.h"

/* The kernel has one attribute for all VFs of an interface, of less than 64 KiB. */
#define LINK_ANSWER_SIZE 98304

/*
 * Send REQUEST of SIZE bytes and wait for the answer, for two seconds, in ANSWER of
 * LINK_ANSWER_SIZE bytes. Returns its size; -ETIMEDOUT, -EMSGSIZE when it did not fit, or another
 * negative errno. -EOPNOTSUPP where ROOT is not the running host's, whose interfaces have numbers
 * of their own.
 */
int link_exchange(const struct root *root, const void *request, size_t size, void *answer);

#endif
