/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that the stub drivers have of their own, wherever they are written. No I/O. */
#ifndef PASSTHRU_WANT_NATIVE_H
#define PASSTHRU_WANT_NATIVE_H

#include "util/parameter.h"
#include "want/intent.h"

/*
 * Add to INTENT the rules that PARAMETER asks for if it is vfio-pci.ids, pci-stub.ids,
 * xen-pciback.hide or pciback.hide: named after the option, with that driver, and from ORIGIN.
 * A bad entry becomes a bad-option finding that begins with ORIGIN and is skipped, the others
 * count. Any other parameter asks for nothing.
 */
void native_parse(struct intent *intent, const struct parameter *parameter, const char *origin);

#endif
