/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages as the kernel sends them, and what is no such message. */
#include "helpers.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>

#include "probe/needs/rtnetlink.h"
#include "util/cleanup.h"

#define MAX_HOPS 3

static const struct row {
	const char *name;
	int family;
	const char *network; /* NULL for none */
	unsigned char prefix;
	unsigned table;
	unsigned char type;
	unsigned hops[MAX_HOPS]; /* numbers of interfaces; several are one multipath route */
	const char *expected;    /* "NETWORK/PREFIX dev NUMBER", " default", " other table" */
} rows[] = {
	{ "a default route",
	  AF_INET,
	  NULL,
	  0,
	  RT_TABLE_MAIN,
	  RTN_UNICAST,
	  { 2 },
	  "::ffff:0.0.0.0/96 dev 2 default\n" },
	{ "a default route of a VRF",
	  AF_INET,
	  NULL,
	  0,
	  10,
	  RTN_UNICAST,
	  { 3 },
	  "::ffff:0.0.0.0/96 dev 3 default other table\n" },
	{ "a table above 255",
	  AF_INET,
	  NULL,
	  0,
	  51820,
	  RTN_UNICAST,
	  { 3 },
	  "::ffff:0.0.0.0/96 dev 3 default other table\n" },
	{ "a network",
	  AF_INET,
	  "10.1.2.0",
	  24,
	  RT_TABLE_MAIN,
	  RTN_UNICAST,
	  { 2 },
	  "::ffff:10.1.2.0/120 dev 2\n" },
	{ "IPv6", AF_INET6, "fd00::", 64, RT_TABLE_MAIN, RTN_UNICAST, { 4 }, "fd00::/64 dev 4\n" },
	{ "IPv6, a default route",
	  AF_INET6,
	  NULL,
	  0,
	  RT_TABLE_MAIN,
	  RTN_UNICAST,
	  { 4 },
	  "::/0 dev 4 default\n" },
	{ "several ways",
	  AF_INET,
	  NULL,
	  0,
	  RT_TABLE_MAIN,
	  RTN_UNICAST,
	  { 2, 3 },
	  "::ffff:0.0.0.0/96 dev 2 default\n::ffff:0.0.0.0/96 dev 3 default\n" },
	{ "no way at all", AF_INET, NULL, 0, RT_TABLE_MAIN, RTN_UNREACHABLE, { 1 }, "" },
	{ "the host itself", AF_INET, "10.1.2.3", 32, RT_TABLE_LOCAL, RTN_LOCAL, { 2 }, "" },
	{ "another family", AF_MPLS, NULL, 0, RT_TABLE_MAIN, RTN_UNICAST, { 2 }, "" },
};

static void put_hops(struct nlmsghdr *message, const unsigned *hops)
{
	struct rtnexthop ways[MAX_HOPS] = { 0 };
	size_t count = 0;

	for (; count < MAX_HOPS && hops[count]; count++)
		ways[count] = (struct rtnexthop){ .rtnh_len = sizeof(ways[0]),
						  .rtnh_ifindex = (int)hops[count] };
	if (count > 1)
		mnl_attr_put(message, RTA_MULTIPATH, count * sizeof(ways[0]), ways);
	else
		mnl_attr_put_u32(message, RTA_OIF, hops[0]);
}

static struct nlmsghdr *make_message(char *buffer, const struct row *row)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct rtmsg *header = mnl_nlmsg_put_extra_header(message, sizeof(*header));
	uint8_t address[16];

	message->nlmsg_type = RTM_NEWROUTE;
	header->rtm_family = (unsigned char)row->family;
	header->rtm_dst_len = row->prefix;
	header->rtm_table = (unsigned char)(row->table > 255 ? RT_TABLE_COMPAT : row->table);
	header->rtm_type = row->type;
	mnl_attr_put_u32(message, RTA_TABLE, row->table);
	if (row->network) {
		assert_int_equal(inet_pton(row->family, row->network, address), 1);
		mnl_attr_put(message, RTA_DST, row->family == AF_INET ? 4 : 16, address);
	}
	put_hops(message, row->hops);
	return message;
}

static void put_hop(const struct route *route, unsigned interface, void *context)
{
	char network[INET6_ADDRSTRLEN];

	fprintf(context, "%s/%u dev %u%s%s\n",
		inet_ntop(AF_INET6, route->network, network, sizeof(network)), route->prefix,
		interface, route->is_default ? " default" : "",
		route->is_of_other_table ? " other table" : "");
}

static char *form_hops(const struct nlmsghdr *message)
{
	char *form = NULL;
	size_t size;
	FILE *stream = open_memstream(&form, &size);

	rtnetlink_each_hop(message, put_hop, stream);
	fclose(stream);
	return form;
}

static void test_hops(void **state)
{
	char buffer[512];
	const struct row *row = *state;
	_cleanup_free_ char *form = form_hops(make_message(buffer, row));

	assert_string_equal(form, row->expected);
}

static void test_no_route(void **state)
{
	char buffer[512];
	struct nlmsghdr *message = make_message(buffer, &rows[0]);
	_cleanup_free_ char *other = NULL;
	_cleanup_free_ char *cut = NULL;

	(void)state;
	message->nlmsg_type = RTM_NEWLINK;
	other = form_hops(message);
	assert_string_equal(other, "");
	message->nlmsg_type = RTM_NEWROUTE;
	message->nlmsg_len = sizeof(*message) + 4;
	cut = form_hops(message);
	assert_string_equal(cut, "");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "route", test_hops, rows);
	suite_add(&suite, "route: none", test_no_route);
	return suite_run(&suite, "rtnetlink");
}
