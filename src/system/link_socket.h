/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network interfaces, by rtnetlink(7): the kernel's answer to a request, and what it tells. */
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

/*
 * A descriptor that has something to be read whenever an interface of the running host comes, goes
 * or changes; or negative errno, -EOPNOTSUPP as above. The caller closes it.
 */
int link_listen(const struct root *root);

/*
 * Wait for that on FD (negative: just wait), for TIMEOUT_MS at most. What came within a moment is
 * taken as one: which interface it was, and how it is now, is for sysfs to say.
 */
void link_await(int fd, int timeout_ms);

#endif
