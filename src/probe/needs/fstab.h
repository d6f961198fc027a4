/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fstab(5), as mount(8) reads it. No I/O. */
#ifndef PASSTHRU_PROBE_NEEDS_FSTAB_H
#define PASSTHRU_PROBE_NEEDS_FSTAB_H

#include <stdbool.h>

struct fstab_entry {
	const char *spec; /* a path, or TAG=VALUE without quotes */
	const char *point;
	const char *type;
	const char *options; /* "" without any */
	bool is_swap;
};

/*
 * Call FUNCTION for each entry of TEXT with what libmount makes of its fields: escapes and the
 * quotes of a tag are gone. Lines that mount(8) would not accept are left out. Negative errno when
 * TEXT could not be taken apart.
 */
int fstab_each_entry(const char *text,
		     void (*function)(const struct fstab_entry *entry, void *context),
		     void *context);

#endif
