/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of users and groups, as the host has them. */
#ifndef PASSTHRU_CLI_OWNERS_H
#define PASSTHRU_CLI_OWNERS_H

#include "session/owners.h"

/*
 * Put numbers for the names in the owners of WANT's rules: those of the running system, by its
 * name services (nsswitch.conf(5)), or below another ROOT those of /etc/passwd and /etc/group. A
 * name that is not there is an error in WANT. *RET_RECORD (or NULL for RET_RECORD) gets the lines
 * of OWNERS_RECORD for them appended; the caller frees it.
 */
void owners_find(const struct root *root, struct want *want, char **ret_record);

#endif
