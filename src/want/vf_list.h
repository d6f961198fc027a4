/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an [sriov] rule sets of its VFs: for each setting a list of values. No I/O. */
#ifndef PASSTHRU_WANT_VF_LIST_H
#define PASSTHRU_WANT_VF_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "util/vf_setting.h"
#include "want/vf.h"

struct vf_value_range {
	uint64_t first, last;
};

/* Values for the VFs of a rule, in the order in which it names them; a single one is for all. */
struct vf_list {
	struct vf_value_range *ranges;
	size_t count;   /* of ranges; 0: not given */
	uint32_t total; /* of values */
};

struct vf_lists {
	struct vf_list of[VF_SETTING_COUNT];
};

/*
 * Parse values with commas, blanks or plus signs between; for mac and vlan also "FIRST-LAST", all
 * from the one to the other. *RET is empty before; the caller frees it with vf_lists_free().
 * -EINVAL for anything else, more than 65535 values, and for a MAC address that is none of one
 * interface (zero, multicast), or is given twice.
 */
int vf_list_parse(enum vf_setting setting, const char *text, struct vf_list *ret);

/* LISTS have as many values as SET has VFs, or one, except for mac. NULL, or what is wrong. */
char *vf_lists_check(const struct vf_lists *lists, const struct vf_set *set);

/* One of them is given. */
bool vf_lists_are_given(const struct vf_lists *lists);

/* The values for VF NUMBER, of SET. */
struct vf_values vf_lists_pick(const struct vf_lists *lists, const struct vf_set *set,
			       uint32_t number);

/* Lists of one value each, which are for all VFs. The caller frees them. */
struct vf_lists vf_lists_of_values(const struct vf_values *values);

/* Both have one value. */
bool vf_list_meets(const struct vf_list *a, const struct vf_list *b);

void vf_lists_free(struct vf_lists *lists);

#endif
