/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser of the kernel command line: text in, intent and errors out; it opens nothing. */
#ifndef PASSTHRU_WANT_CMDLINE_H
#define PASSTHRU_WANT_CMDLINE_H

#include <stdbool.h>

#include "want/native.h"

/*
 * Add to INTENT and NATIVES what the kernel command line TEXT asks for, which is equal to a file:
 *
 *   passthru.device=KEY=VALUE,...   a rule, named cmdline1, cmdline2, ...; a bare first word is an
 *                                   address if it contains a dot, else an id
 *   passthru.sriov=KEY=VALUE,...    the same with the keys of [sriov]
 *   passthru.KEY=VALUE              a key of [passthru]
 *   passthru.skip=NAME,...          rules to leave out
 *   passthru=off, rd.passthru=0     do nothing
 *   vfio-pci.ids=, pci-stub.ids=, xen-pciback.hide=, pciback.hide=
 *                                   the stub drivers' own options, to NATIVES
 *
 * '-' and '_' are one in names, quotes and "--" are read as the kernel does
 * (linux/lib/cmdline.c next_arg, linux/kernel/params.c parse_args).
 * Errors in passthru.* become config-error findings, as in a file.
 */
void cmdline_parse(struct intent *intent, struct natives *natives, const char *text);

#endif
