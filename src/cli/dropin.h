/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules that passthru writes: each is a file of its own in /etc/passthru.conf.d. */
#ifndef PASSTHRU_CLI_DROPIN_H
#define PASSTHRU_CLI_DROPIN_H

#include "cli/command.h"
#include "facts/device.h"
#include "want/want.h"

/* {0} is none. */
struct dropin {
	char *path; /* "/etc/passthru.conf.d/NAME.conf" */
	char *text;
};

/*
 * That which has a rule NAME of KIND for DEVICE, by path and id, and for the rest what the options
 * of CALL say. dropin_free() it.
 */
void dropin_make(const struct call *call, enum rule_kind kind, const char *name,
		 const struct pci_device *device, struct dropin *ret);

/* "pci-0000-03-00.0", the name of a rule for DEVICE where the user gives none. The caller frees it.
 */
char *dropin_name(const struct pci_device *device);

/*
 * 0 when neither a rule of WANT nor a file below ROOT is in the way of a rule NAME. Negative errno
 * when one is; it is said on standard error.
 */
int dropin_check(const struct root *root, const struct want *want, const char *name);

/* Write DROPIN, and never over another file. Negative errno, said on standard error. */
int dropin_write(const struct root *root, const struct dropin *dropin);

/*
 * The file of RULE as *RET, without a text: one that passthru wrote, and with nothing else in it.
 * -EPERM for any other, which is said on standard error with file, line and what to do; or another
 * negative errno, said as well. dropin_free() it.
 */
int dropin_find(const struct root *root, const struct rule *rule, struct dropin *ret);

/* Remove the file. Negative errno, said on standard error. */
int dropin_remove(const struct root *root, const struct dropin *dropin);

/* Say on STREAM that the file was WHAT ("written"). */
void dropin_tell(const struct dropin *dropin, const char *what, FILE *stream);

void dropin_free(struct dropin *dropin);

#endif
