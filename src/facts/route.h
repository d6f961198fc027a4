/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The routes of the kernel, and the interface that leads to an address. No I/O. */
#ifndef PASSTHRU_FACTS_ROUTE_H
#define PASSTHRU_FACTS_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct route {
	uint8_t network[16]; /* that of IPv4 as ::ffff:a.b.c.d */
	unsigned prefix;     /* bits, of 128 */
	bool is_default;
	bool is_of_other_table; /* than main: for a VRF, or by a rule of policy routing */
	char *interface;
};

struct routes {
	struct route *items;
	size_t count;
};

/*
 * Add the routes of /proc/net/route and of /proc/net/ipv6_route (linux/net/ipv4/fib_trie.c
 * fib_route_seq_show, linux/net/ipv6/ip6_fib.c ipv6_route_native_seq_show), but not those that
 * lead nowhere (RTF_REJECT).
 */
void routes_parse_ipv4(struct routes *routes, const char *text);
void routes_parse_ipv6(struct routes *routes, const char *text);

/* Set where ROUTE leads: ADDRESS is of FAMILY (AF_INET, AF_INET6), as on the wire. */
void route_set_network(struct route *route, int family, const void *address);

/* Set how many bits of that count, of an address of FAMILY. */
void route_set_prefix(struct route *route, int family, unsigned bits);

/* Append a copy of ROUTE that leads over INTERFACE. */
void routes_add(struct routes *routes, const struct route *route, const char *interface);

/*
 * The interface of the most specific route to ADDRESS, an IPv4 or IPv6 address as text, also in
 * brackets; of the main table, or where that has none, of another. NULL when there is none, or when
 * that is no address.
 */
const char *routes_find(const struct routes *routes, const char *address);

void routes_free(struct routes *routes);

#endif
