/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/vf_setting.h"

#include <errno.h>
#include <string.h>

#include "util/parse.h"
#include "util/text.h"

#define MAC_BYTES   6
#define VLAN_MAX    4094 /* IEEE 802.1Q: 4095 is reserved */
#define TX_RATE_MAX 10000000

enum form { FORM_MAC, FORM_NUMBER, FORM_CHOICE };

/* Without pointers, which cost the agent a relocation each. */
static const struct {
	char word[12], since[8];
	enum form form;
	uint32_t max;
} settings[VF_SETTING_COUNT] = {
	[VF_MAC] = { "mac", "2.6.34", FORM_MAC, 0 },
	[VF_VLAN] = { "vlan", "2.6.34", FORM_NUMBER, VLAN_MAX },
	[VF_TRUST] = { "trust", "4.4", FORM_CHOICE, 1 },
	[VF_SPOOFCHK] = { "spoofchk", "3.2", FORM_CHOICE, 1 },
	[VF_MAX_TX_RATE] = { "max-tx-rate", "3.16", FORM_NUMBER, TX_RATE_MAX },
};

const char *vf_setting_word(enum vf_setting setting)
{
	return settings[setting].word;
}

const char *vf_setting_since(enum vf_setting setting)
{
	return settings[setting].since;
}

static void format_mac(uint64_t value, char *out)
{
	for (int shift = (MAC_BYTES - 1) * 8; shift >= 0; shift -= 8) {
		out = text_put_hex(out, (uint32_t)(value >> shift & 0xff), 2);
		if (shift)
			*out++ = ':';
	}
}

char *vf_value_format(enum vf_setting setting, uint64_t value, char buffer[static VF_VALUE_SIZE])
{
	if (settings[setting].form == FORM_MAC)
		format_mac(value, buffer);
	else if (settings[setting].form == FORM_NUMBER)
		text_put_number(buffer, (int64_t)value);
	else
		strcpy(buffer, value ? "yes" : "no");
	return buffer;
}

static int parse_mac(const char *text, uint64_t *ret)
{
	uint64_t value = 0;

	if (strlen(text) != MAC_BYTES * 3 - 1)
		return -EINVAL;
	for (int i = 0; i < MAC_BYTES; i++, text += 3) {
		uint32_t byte;

		if (parse_hex(text, 2, &byte) < 0 || text[2] != (i < MAC_BYTES - 1 ? ':' : '\0'))
			return -EINVAL;
		value = value << 8 | byte;
	}
	*ret = value;
	return 0;
}

static int parse_number(const char *text, uint32_t max, uint64_t *ret)
{
	uint32_t number;

	if (parse_decimal(text, max, &number) < 0)
		return -EINVAL;
	*ret = number;
	return 0;
}

static int parse_choice(const char *text, uint64_t *ret)
{
	if (!streq(text, "yes") && !streq(text, "no"))
		return -EINVAL;
	*ret = streq(text, "yes");
	return 0;
}

int vf_value_parse(enum vf_setting setting, const char *text, uint64_t *ret)
{
	if (settings[setting].form == FORM_MAC)
		return parse_mac(text, ret);
	if (settings[setting].form == FORM_NUMBER)
		return parse_number(text, settings[setting].max, ret);
	return parse_choice(text, ret);
}

bool vf_values_have(const struct vf_values *values, enum vf_setting setting)
{
	return values->has >> setting & 1;
}

void vf_values_set(struct vf_values *values, enum vf_setting setting, uint64_t value)
{
	values->has |= 1u << setting;
	values->items[setting] = value;
}
