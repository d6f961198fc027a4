/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/link_message.h"

#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <string.h>

#define MAC_BYTES 6
#define NOT_TOLD  UINT32_MAX /* of a choice that the driver does not tell */

/* What stands behind the number of the VF. */
struct number_value {
	uint32_t vf, value;
};

static const struct {
	unsigned short type, size;
} attributes[VF_SETTING_COUNT] = {
	[VF_MAC] = { IFLA_VF_MAC, sizeof(struct ifla_vf_mac) },
	[VF_VLAN] = { IFLA_VF_VLAN, sizeof(struct ifla_vf_vlan) },
	[VF_TRUST] = { IFLA_VF_TRUST, sizeof(struct ifla_vf_trust) },
	[VF_SPOOFCHK] = { IFLA_VF_SPOOFCHK, sizeof(struct ifla_vf_spoofchk) },
	[VF_MAX_TX_RATE] = { IFLA_VF_RATE, sizeof(struct ifla_vf_rate) },
};

/* --- requests */

static struct nlmsghdr *put_header(void *buffer, unsigned short type, unsigned short flags,
				   unsigned interface)
{
	struct nlmsghdr *message = buffer;
	struct ifinfomsg *link = NLMSG_DATA(message);

	message->nlmsg_len = NLMSG_LENGTH(sizeof(*link));
	message->nlmsg_type = type;
	message->nlmsg_flags = NLM_F_REQUEST | flags;
	message->nlmsg_seq = 1;
	link->ifi_index = (int)interface;
	return message;
}

/* DATA may be NULL for an attribute that others follow inside of. */
static struct rtattr *put_attribute(struct nlmsghdr *message, unsigned short type, const void *data,
				    size_t size)
{
	struct rtattr *attribute =
		(struct rtattr *)((char *)message + NLMSG_ALIGN(message->nlmsg_len));

	attribute->rta_type = type;
	attribute->rta_len = (unsigned short)RTA_LENGTH(size);
	if (size)
		memcpy(RTA_DATA(attribute), data, size);
	message->nlmsg_len = NLMSG_ALIGN(message->nlmsg_len) + RTA_ALIGN(attribute->rta_len);
	return attribute;
}

static void end_nest(const struct nlmsghdr *message, struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((const char *)message + message->nlmsg_len - (char *)nest);
}

size_t link_put_get(void *buffer, unsigned interface)
{
	struct nlmsghdr *message = put_header(buffer, RTM_GETLINK, 0, interface);
	uint32_t mask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;

	put_attribute(message, IFLA_EXT_MASK, &mask, sizeof(mask));
	return message->nlmsg_len;
}

size_t link_put_up(void *buffer, unsigned interface)
{
	struct nlmsghdr *message = put_header(buffer, RTM_SETLINK, NLM_F_ACK, interface);
	struct ifinfomsg *link = NLMSG_DATA(message);

	link->ifi_flags = link->ifi_change = IFF_UP;
	return message->nlmsg_len;
}

union vf_attribute {
	struct number_value number;
	struct ifla_vf_mac mac;
	struct ifla_vf_vlan vlan;
	struct ifla_vf_rate rate;
};

size_t link_put_value(void *buffer, unsigned interface, uint32_t number, enum vf_setting setting,
		      uint64_t value, uint32_t min_tx_rate)
{
	struct nlmsghdr *message = put_header(buffer, RTM_SETLINK, NLM_F_ACK, interface);
	struct rtattr *list = put_attribute(message, IFLA_VFINFO_LIST, NULL, 0);
	struct rtattr *info = put_attribute(message, IFLA_VF_INFO, NULL, 0);
	union vf_attribute attribute = { .number = { number, (uint32_t)value } };

	if (setting == VF_MAX_TX_RATE)
		attribute.rate = (struct ifla_vf_rate){ number, min_tx_rate, (uint32_t)value };
	for (int i = 0; setting == VF_MAC && i < MAC_BYTES; i++)
		attribute.mac.mac[i] = (uint8_t)(value >> (MAC_BYTES - 1 - i) * 8);
	put_attribute(message, attributes[setting].type, &attribute, attributes[setting].size);
	end_nest(message, info);
	end_nest(message, list);
	return message->nlmsg_len;
}

/* --- answers */

/* The attributes in SIZE bytes at DATA, one after the other; one that is cut off ends them. */
struct attribute_walk {
	const struct rtattr *next;
	size_t left;
};

static const struct rtattr *next_attribute(struct attribute_walk *walk)
{
	const struct rtattr *attribute = walk->next;
	size_t size;

	if (walk->left < sizeof(*attribute) || attribute->rta_len < sizeof(*attribute) ||
	    attribute->rta_len > walk->left)
		return NULL;
	size = RTA_ALIGN(attribute->rta_len);
	if (size > walk->left)
		size = walk->left;
	walk->next = (const struct rtattr *)((const char *)attribute + size);
	walk->left -= size;
	return attribute;
}

static struct attribute_walk inside(const struct rtattr *attribute)
{
	return (struct attribute_walk){ (const struct rtattr *)((const char *)attribute +
								RTA_LENGTH(0)),
					attribute->rta_len - RTA_LENGTH(0) };
}

static bool is_of(const struct rtattr *attribute, unsigned short type)
{
	return (attribute->rta_type & NLA_TYPE_MASK) == type;
}

static void set_value(struct link_vf *vf, enum vf_setting setting,
		      const union vf_attribute *attribute)
{
	uint64_t value = attribute->number.value;

	if (setting == VF_MAX_TX_RATE) {
		value = attribute->rate.max_tx_rate;
		vf->min_tx_rate = attribute->rate.min_tx_rate;
	}
	if (setting == VF_MAC) {
		value = 0;
		for (int i = 0; i < MAC_BYTES; i++)
			value = value << 8 | attribute->mac.mac[i];
	}
	if ((setting == VF_TRUST || setting == VF_SPOOFCHK) && value == NOT_TOLD)
		return;
	vf_values_set(&vf->values, setting, value);
}

/* Returns whether ATTRIBUTE is SETTING of VF NUMBER. */
static bool read_value(const struct rtattr *attribute, enum vf_setting setting, uint32_t number,
		       struct link_vf *vf)
{
	size_t size = attribute->rta_len - RTA_LENGTH(0);
	union vf_attribute value = { 0 };

	if (!is_of(attribute, attributes[setting].type) || size < attributes[setting].size)
		return false;
	memcpy(&value, (const char *)attribute + RTA_LENGTH(0), attributes[setting].size);
	if (value.number.vf != number)
		return false;
	set_value(vf, setting, &value);
	return true;
}

/* Returns whether INFO is about VF NUMBER. */
static bool read_info(const struct rtattr *info, uint32_t number, struct link_vf *vf)
{
	struct attribute_walk walk = inside(info);
	const struct rtattr *attribute;
	bool is_found = false;

	while ((attribute = next_attribute(&walk))) {
		for (unsigned i = 0; i < VF_SETTING_COUNT; i++)
			is_found |= read_value(attribute, i, number, vf);
	}
	return is_found;
}

static int read_list(const struct rtattr *list, uint32_t number, struct link_vf *vf)
{
	struct attribute_walk walk = inside(list);
	const struct rtattr *info;

	while ((info = next_attribute(&walk))) {
		if (is_of(info, IFLA_VF_INFO) && read_info(info, number, vf))
			return 0;
	}
	return -ENODATA;
}

/* The first message of ANSWER, whole; NULL where there is none. */
static const struct nlmsghdr *message_of(const void *answer, size_t size, size_t payload)
{
	const struct nlmsghdr *message = answer;

	if (size < sizeof(*message) || message->nlmsg_len > size ||
	    message->nlmsg_len < NLMSG_LENGTH(payload))
		return NULL;
	return message;
}

int link_parse_error(const void *answer, size_t size)
{
	const struct nlmsghdr *message = message_of(answer, size, sizeof(struct nlmsgerr));
	const struct nlmsgerr *error;

	if (!message || message->nlmsg_type != NLMSG_ERROR)
		return -EBADMSG;
	error = NLMSG_DATA(message);
	return error->error > 0 || error->error < -4095 ? -EBADMSG : error->error;
}

int link_parse_vf(const void *answer, size_t size, unsigned interface, uint32_t number,
		  struct link_vf *ret)
{
	const struct nlmsghdr *message = message_of(answer, size, sizeof(struct ifinfomsg));
	const struct ifinfomsg *link;
	const struct rtattr *attribute;
	struct attribute_walk walk;

	*ret = (struct link_vf){ 0 };
	if (!message)
		return -EBADMSG;
	if (message->nlmsg_type == NLMSG_ERROR)
		return link_parse_error(answer, size);
	link = NLMSG_DATA(message);
	if (message->nlmsg_type != RTM_NEWLINK || (unsigned)link->ifi_index != interface)
		return -EBADMSG;
	walk = (struct attribute_walk){ (const struct rtattr *)((const char *)link +
								NLMSG_ALIGN(sizeof(*link))),
					message->nlmsg_len - NLMSG_LENGTH(sizeof(*link)) };
	while ((attribute = next_attribute(&walk))) {
		if (is_of(attribute, IFLA_VFINFO_LIST))
			return read_list(attribute, number, ret);
	}
	return -ENODATA;
}
