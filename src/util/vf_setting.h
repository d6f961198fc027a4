/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the driver of a PF can be told of a VF by way of the PF's network interface (rtnetlink(7),
 * IFLA_VFINFO_LIST): want/ has what is asked for, facts/ what the kernel says. A new one is a row
 * here, in vf_setting.c and in facts/link_message.c.
 */
#ifndef PASSTHRU_UTIL_VF_SETTING_H
#define PASSTHRU_UTIL_VF_SETTING_H

#include <stdbool.h>
#include <stdint.h>

enum vf_setting {
	VF_MAC,  /* the six bytes as a number, the first one highest; 0: none is set */
	VF_VLAN, /* 0: none */
	VF_TRUST,
	VF_SPOOFCHK,
	VF_MAX_TX_RATE, /* Mbit/s; 0: no limit */
	VF_SETTING_COUNT,
};

/* Those of one VF. */
struct vf_values {
	unsigned has; /* of 1 << enum vf_setting */
	uint64_t items[VF_SETTING_COUNT];
};

/* "mac", "vlan", ...: the key of a rule */
const char *vf_setting_word(enum vf_setting setting);

/* The first Linux that has it: "2.6.34" */
const char *vf_setting_since(enum vf_setting setting);

#define VF_VALUE_SIZE 24

/* "52:54:00:12:34:56", "4094", "yes". Returns BUFFER. */
char *vf_value_format(enum vf_setting setting, uint64_t value, char buffer[static VF_VALUE_SIZE]);

/* What vf_value_format() writes, in any case for a MAC address. -EINVAL, *RET untouched. */
int vf_value_parse(enum vf_setting setting, const char *text, uint64_t *ret);

bool vf_values_have(const struct vf_values *values, enum vf_setting setting);
void vf_values_set(struct vf_values *values, enum vf_setting setting, uint64_t value);

#endif
