/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names that pci.ids has for devices; pciids.c is the only file that includes libpci's. */
#ifndef PASSTHRU_CLI_PCIIDS_H
#define PASSTHRU_CLI_PCIIDS_H

#include "facts/device.h"
#include "system/root.h"

struct pciids;

/*
 * The file below ROOT if there is one, else that of this host. One that is damaged, or cannot be
 * read, is told on standard error; devices then have no names but numbers.
 */
struct pciids *pciids_open(const struct root *root);
void pciids_close(struct pciids *ids);

/*
 * "NVIDIA Corporation AD102 [GeForce RTX 4090]", "NVIDIA AD102 [GeForce RTX 4090]", and "VGA
 * compatible controller"; with numbers for what the file does not have. Escaped; the caller frees
 * them.
 */
char *pciids_device(struct pciids *ids, const struct pci_device *device);
char *pciids_short_device(struct pciids *ids, const struct pci_device *device);
char *pciids_class(struct pciids *ids, const struct pci_device *device);

/* "NVIDIA Corporation", "AD102 [GeForce RTX 4090]"; NULL for what the file does not have. Escaped.
 */
char *pciids_vendor(struct pciids *ids, const struct pci_device *device);
char *pciids_product(struct pciids *ids, const struct pci_device *device);

#endif
