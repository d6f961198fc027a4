/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's answers by netlink (netlink(7), rtnetlink(7)). */
#ifndef PASSTHRU_SYSTEM_NETLINK_H
#define PASSTHRU_SYSTEM_NETLINK_H

struct nlmsghdr;

/*
 * Call FUNCTION with each route of the running kernel, IPv4 and IPv6, of all tables. Negative errno
 * when they could not be read, -ETIMEDOUT when the kernel did not answer in two seconds; FUNCTION
 * may have been called then.
 */
int netlink_each_route(void (*function)(const struct nlmsghdr *message, void *context),
		       void *context);

#endif
