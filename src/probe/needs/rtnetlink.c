/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/rtnetlink.h"

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "util/cleanup.h"

struct attributes {
	const struct nlattr *items[RTA_MAX + 1];
};

static int keep(const struct nlattr *attribute, void *context)
{
	struct attributes *attributes = context;

	if (mnl_attr_type_valid(attribute, RTA_MAX) > 0)
		attributes->items[mnl_attr_get_type(attribute)] = attribute;
	return MNL_CB_OK;
}

static uint32_t number_of(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
		return 0;
	return mnl_attr_get_u32(attribute);
}

/* False for an address that is not of FAMILY. */
static bool read_network(const struct nlattr *attribute, unsigned char family, struct route *route)
{
	size_t size = family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
	static const uint8_t zeros[sizeof(struct in6_addr)];

	if (attribute && mnl_attr_get_payload_len(attribute) != size)
		return false;
	route_set_network(route, family, attribute ? mnl_attr_get_payload(attribute) : zeros);
	return true;
}

static void each_nexthop(const struct nlattr *attribute, const struct route *route,
			 void (*function)(const struct route *route, unsigned interface,
					  void *context),
			 void *context)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(attribute);
	int left = mnl_attr_get_payload_len(attribute);

	while (RTNH_OK(hop, left)) {
		function(route, (unsigned)hop->rtnh_ifindex, context);
		left -= RTNH_ALIGN(hop->rtnh_len);
		hop = RTNH_NEXT(hop);
	}
}

void rtnetlink_each_hop(const struct nlmsghdr *message,
			void (*function)(const struct route *route, unsigned interface,
					 void *context),
			void *context)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	struct attributes attributes = { 0 };
	struct route route = { 0 };
	uint32_t table;

	if (message->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*header) ||
	    header->rtm_type != RTN_UNICAST ||
	    (header->rtm_family != AF_INET && header->rtm_family != AF_INET6) ||
	    mnl_attr_parse(message, sizeof(*header), keep, &attributes) < 0 ||
	    !read_network(attributes.items[RTA_DST], header->rtm_family, &route))
		return;
	table = number_of(attributes.items[RTA_TABLE]);
	route_set_prefix(&route, header->rtm_family, header->rtm_dst_len);
	route.is_of_other_table = (table ? table : header->rtm_table) != RT_TABLE_MAIN;
	if (attributes.items[RTA_MULTIPATH])
		each_nexthop(attributes.items[RTA_MULTIPATH], &route, function, context);
	else if (attributes.items[RTA_OIF])
		function(&route, number_of(attributes.items[RTA_OIF]), context);
}
