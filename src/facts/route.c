/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/route.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/route.h>
#include <stdlib.h>
#include <string.h>

#include "facts/tables.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define MAPPED_BITS 96 /* of an IPv4 address in one of IPv6 (RFC 4291, 2.5.5.2) */

void routes_add(struct routes *routes, const struct route *route, const char *interface)
{
	routes->items = memory_grow(routes->items, routes->count, sizeof(routes->items[0]));
	routes->items[routes->count] = *route;
	routes->items[routes->count++].interface = memory_dup(interface);
}

static void map_ipv4(const void *address, uint8_t ret[static 16])
{
	memset(ret, 0, 10);
	memset(ret + 10, 0xff, 2);
	memcpy(ret + 12, address, 4);
}

void route_set_network(struct route *route, int family, const void *address)
{
	if (family == AF_INET)
		map_ipv4(address, route->network);
	else
		memcpy(route->network, address, sizeof(route->network));
}

void route_set_prefix(struct route *route, int family, unsigned bits)
{
	route->is_default = bits == 0;
	route->prefix = bits + (family == AF_INET ? MAPPED_BITS : 0);
}

/* The kernel prints addresses as numbers of its own byte order. */
static void add_ipv4(const struct table_row *row, void *context)
{
	enum { INTERFACE, DESTINATION, FLAGS = 3, MASK = 7 };
	const char *const *fields = row->fields;
	struct route route = { 0 };
	uint32_t destination, flags, mask;

	if (parse_hex(fields[DESTINATION], strlen(fields[DESTINATION]), &destination) < 0 ||
	    parse_hex(fields[FLAGS], strlen(fields[FLAGS]), &flags) < 0 ||
	    parse_hex(fields[MASK], strlen(fields[MASK]), &mask) < 0 || flags & RTF_REJECT)
		return;
	map_ipv4(&destination, route.network);
	route.prefix = MAPPED_BITS + (unsigned)__builtin_popcount(mask);
	route.is_default = mask == 0;
	routes_add(context, &route, fields[INTERFACE]);
}

static int parse_ipv6(const char *text, uint8_t ret[static 16])
{
	if (strlen(text) != 32)
		return -EINVAL;
	for (size_t i = 0; i < 16; i++) {
		uint32_t byte;

		if (parse_hex(text + 2 * i, 2, &byte) < 0)
			return -EINVAL;
		ret[i] = (uint8_t)byte;
	}
	return 0;
}

static void add_ipv6(const struct table_row *row, void *context)
{
	enum { DESTINATION, PREFIX, FLAGS = 8, INTERFACE };
	const char *const *fields = row->fields;
	struct route route = { 0 };
	uint32_t prefix, flags;

	if (parse_ipv6(fields[DESTINATION], route.network) < 0 ||
	    parse_hex(fields[PREFIX], strlen(fields[PREFIX]), &prefix) < 0 || prefix > 128 ||
	    parse_hex(fields[FLAGS], strlen(fields[FLAGS]), &flags) < 0 || flags & RTF_REJECT)
		return;
	route.prefix = prefix;
	route.is_default = prefix == 0;
	routes_add(context, &route, fields[INTERFACE]);
}

void routes_parse_ipv4(struct routes *routes, const char *text)
{
	table_each_row(text, add_ipv4, routes);
}

void routes_parse_ipv6(struct routes *routes, const char *text)
{
	table_each_row(text, add_ipv6, routes);
}

static int parse_address(const char *text, uint8_t ret[static 16], bool *ret_is_ipv4)
{
	size_t bracket = *text == '[';
	_cleanup_free_ char *bare = memory_copy(text + bracket, strcspn(text + bracket, "]%"));
	struct in_addr ipv4;

	*ret_is_ipv4 = inet_pton(AF_INET, bare, &ipv4) == 1;
	if (*ret_is_ipv4)
		map_ipv4(&ipv4, ret);
	else if (inet_pton(AF_INET6, bare, ret) != 1)
		return -EINVAL;
	return 0;
}

static bool leads_to(const struct route *route, const uint8_t address[static 16])
{
	unsigned bytes = route->prefix / 8, bits = route->prefix % 8;

	return memcmp(route->network, address, bytes) == 0 &&
	       (!bits || (route->network[bytes] ^ address[bytes]) >> (8 - bits) == 0);
}

static bool is_better(const struct route *route, const struct route *best)
{
	if (!best || route->is_of_other_table != best->is_of_other_table)
		return !best || best->is_of_other_table;
	return route->prefix > best->prefix;
}

const char *routes_find(const struct routes *routes, const char *address)
{
	const struct route *best = NULL;
	uint8_t bytes[16];
	bool is_ipv4;

	if (parse_address(address, bytes, &is_ipv4) < 0)
		return NULL;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->items[i];

		/* The default route of IPv6 is no way to an address of IPv4. */
		if (leads_to(route, bytes) && (!is_ipv4 || route->prefix >= MAPPED_BITS) &&
		    is_better(route, best))
			best = route;
	}
	return best ? best->interface : NULL;
}

void routes_free(struct routes *routes)
{
	for (size_t i = 0; i < routes->count; i++)
		free(routes->items[i].interface);
	free(routes->items);
	*routes = (struct routes){ 0 };
}
