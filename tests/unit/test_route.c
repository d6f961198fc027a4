/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include "facts/route.h"

/* The words of a little-endian machine. */
#define IPV4                                                                       \
	"Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT\n" \
	"wan 00000000 0100000A 0003 0 0 100 00000000 0 0 0\n"                      \
	"lan 0002010A 00000000 0001 0 0 100 00FFFFFF 0 0 0\n"                      \
	"part 8002010A 00000000 0001 0 0 100 C0FFFFFF 0 0 0\n"                     \
	"never 0003010A 00000000 0201 0 0 100 00FFFFFF 0 0 0\n"                    \
	"bad x 00000000 0001 0 0 100 00FFFFFF 0 0 0\n"                             \
	"cut 0005010A 00000000\n"
#define ZERO "00000000000000000000000000000000"
#define IPV6                                                                                  \
	ZERO " 00 " ZERO " 00 " ZERO " 00000400 00000002 00000000 00000003 wan6\n"            \
	     "fd000000000000000000000000000000 40 " ZERO " 00 " ZERO " 0 0 0 00000001 lan6\n" \
	     "fd010000000000000000000000000000 ff " ZERO " 00 " ZERO " 0 0 0 00000001 bad\n"  \
	     "fd010000 40 " ZERO " 00 " ZERO " 0 0 0 00000001 bad\n"                          \
	     "fd020000000000000000000000000000 40 " ZERO " 00 " ZERO " 0 0 0 00000201 never\n"

static const struct route_row {
	const char *address;
	const char *interface;
} rows[] = {
	{ "10.1.2.3", "lan" },
	{ "10.1.2.129", "part" },
	{ "10.1.2.193", "lan" },
	{ "10.1.3.1", "wan" },
	{ "8.8.8.8", "wan" },
	{ "fd00::1", "lan6" },
	{ "[fd00::1]", "lan6" },
	{ "fd01::1", "wan6" },
	{ "fd02::1", "wan6" },
	{ "fe80::1%x", "wan6" },
	{ "", NULL },
	{ "10.1.2", NULL },
	{ "10.1.2.3:80", NULL },
	{ "server", NULL },
	{ "[", NULL },
};

static void test_find(void **state)
{
	const struct route_row *row = *state;
	_cleanup_(routes_free) struct routes routes = { 0 };
	const char *interface;

	routes_parse_ipv6(&routes, IPV6);
	routes_parse_ipv4(&routes, IPV4);
	interface = routes_find(&routes, row->address);
	if (row->interface)
		assert_string_equal(interface, row->interface);
	else
		assert_null(interface);
}

/* Only one of the other family: it leads nowhere. */
static void test_family(void **state)
{
	_cleanup_(routes_free) struct routes routes = { 0 };

	(void)state;
	routes_parse_ipv6(&routes, IPV6);
	assert_null(routes_find(&routes, "10.1.2.3"));
	assert_int_equal(routes.count, 2);
	assert_true(routes.items[0].is_default);
	assert_false(routes.items[1].is_default);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "route to", test_find, rows);
	suite_add(&suite, "routes of one family", test_family);
	return suite_run(&suite, "route");
}
