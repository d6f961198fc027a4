/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel says of an interface and its VFs. */
#include "fuzz.h"

#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "facts/link_message.h"

#define INTERFACE 7
#define VF        1

static void check_values(const struct link_vf *vf)
{
	must(!(vf->values.has >> VF_SETTING_COUNT), "link-has", "%x", vf->values.has);
	must(!(vf->values.items[VF_MAC] >> 48), "link-mac", "more than six bytes");
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		char text[VF_VALUE_SIZE];

		must(strlen(vf_value_format(i, vf->values.items[i], text)) < VF_VALUE_SIZE,
		     "link-value", "%s", text);
	}
}

static void run(const uint8_t *data, size_t size)
{
	/* Of just this size, so that what is read behind it is seen; aligned as the kernel's are.
	 */
	void *answer = malloc(size ? size : 1);
	struct link_vf vf;
	int r, error;

	if (size)
		memcpy(answer, data, size);
	r = link_parse_vf(answer, size, INTERFACE, VF, &vf);
	error = link_parse_error(answer, size);
	must(r <= 0 && r >= -4095 && error <= 0 && error >= -4095, "link-error", "%d %d", r, error);
	if (r < 0)
		must(!vf.values.has, "link-failed", "values all the same");
	check_values(&vf);
	free(answer);
}

/* A request has the attributes of an answer. */
static void each_seed(void (*add)(const char *text, size_t size))
{
	for (unsigned i = 0; i < VF_SETTING_COUNT; i++) {
		uint32_t message[LINK_REQUEST_SIZE / sizeof(uint32_t)] = { 0 };
		size_t size = link_put_value(message, INTERFACE, VF, i, 1, 1);

		((struct nlmsghdr *)message)->nlmsg_type = RTM_NEWLINK;
		add((const char *)message, size);
		((struct nlmsghdr *)message)->nlmsg_type = NLMSG_ERROR;
		add((const char *)message, size);
	}
}

FUZZ_TARGET(link, .run = run, .each_seed = each_seed, .size_max = 2048)
