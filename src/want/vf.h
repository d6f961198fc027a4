/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets of virtual functions, by the numbers that sysfs gives them (virtfnN). No I/O. */
#ifndef PASSTHRU_WANT_VF_H
#define PASSTHRU_WANT_VF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vf_range {
	uint32_t first, last;
};

struct vf_set {
	struct vf_range *ranges; /* in the order given; no number is in two of them */
	size_t count;            /* 0: not given */
};

/*
 * Parse "0-3,6": numbers and ranges, with commas, blanks or plus signs between. The caller frees
 * *RET. -EINVAL for anything else, a number given twice, one over all bounds, more than 256 ranges.
 */
int vf_set_parse(const char *text, struct vf_set *ret);

/* The numbers from 0 to COUNT - 1; COUNT is not 0. The caller frees it. */
struct vf_set vf_set_of_all(uint32_t count);

bool vf_set_has(const struct vf_set *set, uint32_t number);

/* How many numbers are in SET. */
uint32_t vf_set_size(const struct vf_set *set);

/* How many numbers of SET stand before NUMBER; UINT32_MAX when it is not in SET. */
uint32_t vf_set_position(const struct vf_set *set, uint32_t number);

/* The highest number in SET, which is not empty. */
uint32_t vf_set_highest(const struct vf_set *set);

bool vf_sets_meet(const struct vf_set *a, const struct vf_set *b);

void vf_set_free(struct vf_set *set);

#endif
