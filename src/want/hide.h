/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser of xen-pciback's own option `hide=`. No I/O. */
#ifndef PASSTHRU_WANT_HIDE_H
#define PASSTHRU_WANT_HIDE_H

#include <stddef.h>

#include "util/address.h"

/*
 * Read the group at the beginning of TEXT: "(DDDD:BB:SS.F)" or "(BB:SS.F)", all hexadecimal, the
 * function or slot and function '*', blanks before and behind it
 * (linux/drivers/xen/xen-pciback/pci_stub.c pcistub_init). *RET_LENGTH is how much of TEXT it takes
 * up, also when it is bad: then up to the next group. 0, or -EINVAL with *RET untouched.
 */
int hide_group_parse(const char *text, struct address_pattern *ret, size_t *ret_length);

#endif
