/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Routes as the kernel sends them by rtnetlink(7): those of all tables. No I/O. */
#ifndef PASSTHRU_PROBE_NEEDS_RTNETLINK_H
#define PASSTHRU_PROBE_NEEDS_RTNETLINK_H

#include "facts/route.h"

struct nlmsghdr;

/*
 * Call FUNCTION for each way that the RTM_NEWROUTE in MESSAGE names: several where it is multipath.
 * Its interface is a number; ROUTE->interface is NULL. Not for routes that lead nowhere or to the
 * host itself.
 */
void rtnetlink_each_hop(const struct nlmsghdr *message,
			void (*function)(const struct route *route, unsigned interface,
					 void *context),
			void *context);

#endif
