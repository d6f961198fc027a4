/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The framebuffer of the firmware: a platform device whose driver keeps the memory of a display
 * that no driver of its own has. While it does, the kernel maps that memory for nobody else. No
 * I/O.
 */
#ifndef PASSTHRU_FACTS_FRAMEBUFFER_H
#define PASSTHRU_FACTS_FRAMEBUFFER_H

#include <stdbool.h>

#include "util/address.h"

/* NAME is that of such a platform device: "efi-framebuffer.0". */
bool framebuffer_is_name(const char *name);

/*
 * Look in IOMEM, the text of /proc/iomem, for the memory of a framebuffer that is in a BAR of a PCI
 * device; of the one at *ONLY, unless that is NULL. 1 and its address as *RET, 0 when there is
 * none, -EACCES when the kernel hides the places of memory from this user.
 */
int framebuffer_find(const char *iomem, const struct pci_address *only, struct pci_address *ret);

/* LINE of IOMEM is one that framebuffer_find() looks for: such memory, or the BAR that it is in. */
bool framebuffer_concerns(const char *iomem, const char *line);

#endif
