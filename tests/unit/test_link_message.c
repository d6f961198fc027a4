/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests as libmnl reads them, and answers that it has written, whole, cut off and hostile. */
#include "helpers.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "facts/link_message.h"
#include "random.h"

#define INTERFACE 7
#define MAC       UINT64_C(0x525400aabbcc)

/* --- requests */

static const struct nlattr *find(const struct nlattr *nest, unsigned type)
{
	const struct nlattr *attribute;

	for (attribute = mnl_attr_get_payload(nest);
	     mnl_attr_ok(attribute,
			 (int)((const char *)nest + nest->nla_len - (const char *)attribute));
	     attribute = mnl_attr_next(attribute)) {
		if (mnl_attr_get_type(attribute) == type)
			return attribute;
	}
	fail_msg("no attribute %u", type);
	return NULL;
}

static const struct request_row {
	const char *name;
	enum vf_setting setting;
	uint64_t value;
	unsigned type;
	uint32_t size, words[3]; /* the attribute, and how it begins */
} request_rows[] = {
	{ "vlan", VF_VLAN, 100, IFLA_VF_VLAN, 12, { 3, 100, 0 } },
	{ "trust", VF_TRUST, 1, IFLA_VF_TRUST, 8, { 3, 1 } },
	{ "spoofchk", VF_SPOOFCHK, 0, IFLA_VF_SPOOFCHK, 8, { 3, 0 } },
	{ "max-tx-rate", VF_MAX_TX_RATE, 900, IFLA_VF_RATE, 12, { 3, 50, 900 } },
	{ "mac", VF_MAC, MAC, IFLA_VF_MAC, 36, { 3 } },
};

static void test_request(void **state)
{
	const struct request_row *row = *state;
	static const uint8_t mac[] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc };
	uint32_t buffer[LINK_REQUEST_SIZE / 4] = { 0 };
	size_t size = link_put_value(buffer, INTERFACE, 3, row->setting, row->value, 50);
	const struct nlmsghdr *message = (const void *)buffer;
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	const struct nlattr *list = mnl_nlmsg_get_payload_offset(message, sizeof(*link));
	const struct nlattr *value;

	assert_true(mnl_nlmsg_ok(message, (int)size) && message->nlmsg_len == size);
	assert_int_equal(message->nlmsg_type, RTM_SETLINK);
	assert_int_equal(message->nlmsg_flags, NLM_F_REQUEST | NLM_F_ACK);
	assert_int_equal(link->ifi_index, INTERFACE);
	assert_int_equal(link->ifi_change, 0);
	assert_int_equal(mnl_attr_get_type(list), IFLA_VFINFO_LIST);
	value = find(find(list, IFLA_VF_INFO), row->type);
	assert_int_equal(mnl_attr_get_payload_len(value), row->size);
	assert_memory_equal(mnl_attr_get_payload(value), row->words,
			    row->type == IFLA_VF_MAC ? 4 : row->size);
	if (row->type == IFLA_VF_MAC)
		assert_memory_equal((const char *)mnl_attr_get_payload(value) + 4, mac,
				    sizeof(mac));
}

static void test_other_requests(void **state)
{
	uint32_t buffer[LINK_REQUEST_SIZE / 4] = { 0 };
	const struct nlmsghdr *message = (const void *)buffer;
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(message);
	const struct nlattr *mask = mnl_nlmsg_get_payload_offset(message, sizeof(*link));

	(void)state;
	assert_int_equal(link_put_get(buffer, INTERFACE), 40);
	assert_int_equal(message->nlmsg_type, RTM_GETLINK);
	assert_int_equal(mnl_attr_get_type(mask), IFLA_EXT_MASK);
	assert_int_equal(mnl_attr_get_u32(mask), RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	memset(buffer, 0, sizeof(buffer));
	assert_int_equal(link_put_up(buffer, INTERFACE), 32);
	assert_int_equal(message->nlmsg_type, RTM_SETLINK);
	assert_int_equal(link->ifi_flags, IFF_UP);
	assert_int_equal(link->ifi_change, IFF_UP);
}

/* --- answers */

static void put_vf(struct nlmsghdr *message, uint32_t number, uint32_t choice)
{
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_VF_INFO);
	struct ifla_vf_mac mac = { number, { 0x52, 0x54, 0x00, 0xaa, 0xbb, (uint8_t)number } };
	struct ifla_vf_vlan vlan = { number, 100 + number, 0 };
	struct ifla_vf_rate rate = { number, 10, 1000 };
	struct ifla_vf_spoofchk spoofchk = { number, choice };
	struct ifla_vf_trust trust = { number, choice };

	mnl_attr_put(message, IFLA_VF_MAC, sizeof(mac), &mac);
	mnl_attr_put(message, IFLA_VF_VLAN, sizeof(vlan), &vlan);
	mnl_attr_put(message, IFLA_VF_RATE, sizeof(rate), &rate);
	mnl_attr_put(message, IFLA_VF_SPOOFCHK, sizeof(spoofchk), &spoofchk);
	mnl_attr_put(message, IFLA_VF_TRUST, sizeof(trust), &trust);
	mnl_attr_nest_end(message, info);
}

static struct nlmsghdr *make_answer(void *buffer, uint32_t choice)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *link = mnl_nlmsg_put_extra_header(message, sizeof(*link));
	struct nlattr *list;

	message->nlmsg_type = RTM_NEWLINK;
	link->ifi_index = INTERFACE;
	mnl_attr_put_strz(message, IFLA_IFNAME, "eth0");
	list = mnl_attr_nest_start(message, IFLA_VFINFO_LIST);
	put_vf(message, 0, choice);
	put_vf(message, 1, choice);
	mnl_attr_nest_end(message, list);
	return message;
}

static void test_answer(void **state)
{
	uint32_t buffer[256];
	const struct nlmsghdr *message = make_answer(buffer, 1);
	struct link_vf vf;

	(void)state;
	assert_int_equal(link_parse_vf(message, message->nlmsg_len, INTERFACE, 1, &vf), 0);
	assert_int_equal(vf.values.has, (1 << VF_SETTING_COUNT) - 1);
	assert_true(vf.values.items[VF_MAC] == 0x525400aabb01ULL);
	assert_int_equal(vf.values.items[VF_VLAN], 101);
	assert_int_equal(vf.values.items[VF_MAX_TX_RATE], 1000);
	assert_int_equal(vf.min_tx_rate, 10);
	assert_int_equal(vf.values.items[VF_SPOOFCHK], 1);
	assert_int_equal(vf.values.items[VF_TRUST], 1);
	assert_int_equal(link_parse_vf(message, message->nlmsg_len, INTERFACE, 2, &vf), -ENODATA);
	assert_int_equal(link_parse_vf(message, message->nlmsg_len, 8, 1, &vf), -EBADMSG);
}

/* The kernel has -1 for what the driver does not tell. */
static void test_untold(void **state)
{
	uint32_t buffer[256];
	const struct nlmsghdr *message = make_answer(buffer, UINT32_MAX);
	struct link_vf vf;

	(void)state;
	assert_int_equal(link_parse_vf(message, message->nlmsg_len, INTERFACE, 0, &vf), 0);
	assert_int_equal(vf.values.has, 1 << VF_MAC | 1 << VF_VLAN | 1 << VF_MAX_TX_RATE);
}

static void test_errors(void **state)
{
	static const struct {
		int error, expected;
	} rows[] = { { 0, 0 },
		     { -EOPNOTSUPP, -EOPNOTSUPP },
		     { 5, -EBADMSG },
		     { -4096, -EBADMSG },
		     { INT32_MIN, -EBADMSG } };
	uint32_t buffer[512];
	struct link_vf vf;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
		struct nlmsgerr *error = mnl_nlmsg_put_extra_header(message, sizeof(*error));

		message->nlmsg_type = NLMSG_ERROR;
		error->error = rows[i].error;
		assert_int_equal(link_parse_error(message, message->nlmsg_len), rows[i].expected);
		assert_int_equal(link_parse_vf(message, message->nlmsg_len, INTERFACE, 0, &vf),
				 rows[i].expected);
		assert_int_equal(vf.values.has, 0);
		assert_int_equal(link_parse_error(message, message->nlmsg_len - 1), -EBADMSG);
	}
	assert_int_equal(link_parse_error(make_answer(buffer, 0), 100), -EBADMSG);
}

/* Each shorter answer, in memory of just that size: the sanitizer sees what is read behind it. */
static void test_truncated(void **state)
{
	uint32_t buffer[256];
	const struct nlmsghdr *whole = make_answer(buffer, 1);

	(void)state;
	for (size_t size = 0; size < whole->nlmsg_len; size++) {
		for (int tells = 0; tells < 2; tells++) {
			struct nlmsghdr *cut = malloc(size ? size : 1);
			struct link_vf vf;
			int r;

			memcpy(cut, whole, size);
			if (tells && size >= sizeof(*cut))
				cut->nlmsg_len = (uint32_t)size;
			r = link_parse_vf(cut, size, INTERFACE, 1, &vf);
			assert_true(r == -EBADMSG || r == -ENODATA);
			free(cut);
		}
	}
}

/* Any bytes in it changed. */
static void test_hostile(void **state)
{
	struct random random = { 1 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint32_t buffer[256];
		const struct nlmsghdr *whole = make_answer(buffer, 1);
		size_t size = whole->nlmsg_len;
		unsigned char *bytes = malloc(size);
		struct link_vf vf;
		int r;

		memcpy(bytes, whole, size);
		for (unsigned k = random_below(&random, 4) + 1; k > 0; k--)
			bytes[random_below(&random, (unsigned)size)] =
				(unsigned char)random_below(&random, 256);
		r = link_parse_vf(bytes, size, INTERFACE, 1, &vf);
		assert_in_range(-r, 0, 4095);
		free(bytes);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "request", test_request, request_rows);
	suite_add(&suite, "request: look, and bring up", test_other_requests);
	suite_add(&suite, "answer", test_answer);
	suite_add(&suite, "answer: what the driver does not tell", test_untold);
	suite_add(&suite, "answer: errors", test_errors);
	suite_add(&suite, "answer: cut off", test_truncated);
	suite_add(&suite, "answer: hostile", test_hostile);
	return suite_run(&suite, "link_message");
}
