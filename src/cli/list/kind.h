/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Classes of PCI devices as words. No I/O. */
#ifndef PASSTHRU_CLI_LIST_KIND_H
#define PASSTHRU_CLI_LIST_KIND_H

#include <stdbool.h>

#include "facts/device.h"
#include "util/names.h"

/* "gpu", "network", ...: what DEVICE is; "other" for a class without a word. */
const char *kind_of(const struct pci_device *device);

/* Whether WORD is one of these; and all of them. */
bool kind_is_word(const char *word);
void kind_list(struct names *names);

#endif
