/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vf-settings INTERFACE [VF VLAN]: set the VLAN of that VF, if given; then say what the kernel says
 * that the interface and its VFs are set to (rtnetlink(7)), as `ip link` does, which the root has
 * not. One line for the interface, one for each VF.
 */
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define EACH(attribute, first, size)                                                    \
	struct rtattr *attribute = (first), *end_ = (void *)((char *)(first) + (size)); \
	(char *)attribute + sizeof(*attribute) <= (char *)end_;                         \
	attribute = (void *)((char *)attribute + RTA_ALIGN(attribute->rta_len))

static void print_vf(struct rtattr *info)
{
	for (EACH(a, RTA_DATA(info), RTA_PAYLOAD(info))) {
		const unsigned char *mac = ((struct ifla_vf_mac *)RTA_DATA(a))->mac;
		const unsigned *number = RTA_DATA(a);

		if (a->rta_type == IFLA_VF_MAC)
			printf("vf %u mac=%02x:%02x:%02x:%02x:%02x:%02x", number[0], mac[0], mac[1],
			       mac[2], mac[3], mac[4], mac[5]);
		else if (a->rta_type == IFLA_VF_VLAN)
			printf(" vlan=%u", number[1]);
		else if (a->rta_type == IFLA_VF_RATE)
			printf(" rate=%u", number[2]);
		else if (a->rta_type == IFLA_VF_SPOOFCHK)
			printf(" spoofchk=%u", number[1]);
		else if (a->rta_type == IFLA_VF_TRUST)
			printf(" trust=%u", number[1]);
	}
	printf("\n");
}

static int set_vlan(int fd, int interface, unsigned vf, unsigned vlan)
{
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr list, info, attribute;
		struct ifla_vf_vlan value;
	} request = { { sizeof(request), RTM_SETLINK, NLM_F_REQUEST | NLM_F_ACK, 1, 0 },
		      { .ifi_index = interface },
		      { RTA_LENGTH(RTA_LENGTH(RTA_LENGTH(sizeof(request.value)))),
			IFLA_VFINFO_LIST | NLA_F_NESTED },
		      { RTA_LENGTH(RTA_LENGTH(sizeof(request.value))),
			IFLA_VF_INFO | NLA_F_NESTED },
		      { RTA_LENGTH(sizeof(request.value)), IFLA_VF_VLAN },
		      { vf, vlan, 0 } };
	struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answer;

	if (send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < (ssize_t)sizeof(answer.header) + 4)
		return -1;
	return answer.error.error;
}

int main(int argc, char **argv)
{
	static char answer[262144];
	struct {
		struct nlmsghdr header;
		struct ifinfomsg link;
		struct rtattr mask;
		unsigned value;
	} request = { { sizeof(request), RTM_GETLINK, NLM_F_REQUEST, 1, 0 },
		      { .ifi_index = (int)if_nametoindex(argc > 1 ? argv[1] : "") },
		      { RTA_LENGTH(4), IFLA_EXT_MASK },
		      RTEXT_FILTER_VF };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	struct nlmsghdr *message = (void *)answer;
	struct ifinfomsg *link = NLMSG_DATA(message);

	if (argc > 3 && set_vlan(fd, request.link.ifi_index, (unsigned)atoi(argv[2]),
				 (unsigned)atoi(argv[3])) != 0)
		return 1;
	if (send(fd, &request, sizeof(request), 0) < 0 || recv(fd, answer, sizeof(answer), 0) < 0 ||
	    message->nlmsg_type != RTM_NEWLINK)
		return 1;
	printf("%s %s\n", argv[1], link->ifi_flags & IFF_UP ? "up" : "down");
	for (EACH(a, IFLA_RTA(link), IFLA_PAYLOAD(message))) {
		if ((a->rta_type & NLA_TYPE_MASK) != IFLA_VFINFO_LIST)
			continue;
		for (EACH(info, RTA_DATA(a), RTA_PAYLOAD(a)))
			print_vf(info);
	}
	close(fd);
	return 0;
}
