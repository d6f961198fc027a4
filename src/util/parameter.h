/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parameters on the kernel command line, one after the other. No I/O. */
#ifndef PASSTHRU_UTIL_PARAMETER_H
#define PASSTHRU_UTIL_PARAMETER_H

struct parameter {
	char *name;
	char *value; /* NULL without '=' */
};

/*
 * Cut the next parameter out of TEXT, in place, with the kernel's own quoting
 * (linux/lib/cmdline.c next_arg); *RET points into TEXT. Returns what is behind it, or NULL when
 * none is left: at the end, and at "--", behind which all is for init (linux/kernel/params.c).
 */
char *parameter_next(char *text, struct parameter *ret);

#endif
