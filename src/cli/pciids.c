/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/pciids.h"

#include <pci/pci.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define NAME_SIZE 256

/* libpci's own type, as the header that all see does not have it. */
struct pciids {
	struct pci_access *access;
};

/* The signature is libpci's. */
static void say_nothing(char *format, ...) /* NOLINT */
{
	(void)format;
}

/* Where Debian and where Fedora have it. */
static void find_file(const struct pciids *ids, const struct root *root)
{
	static const char *const files[] = { "usr/share/misc/pci.ids", "usr/share/hwdata/pci.ids" };

	for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
		char *path = NULL;

		if (root_resolve(root, files[i], &path) == 0)
			pci_set_name_list_path(ids->access, path, 1);
	}
}

struct pciids *pciids_open(const struct root *root)
{
	struct pciids *ids = memory_new(1, sizeof(*ids));

	/* Without pci_init(), which looks for hardware and sets what is set here. */
	ids->access = pci_alloc();
	ids->access->debug = say_nothing;
	ids->access->warning = say_nothing;
	ids->access->id_lookup_mode = 0; /* no cache of names from the net */
	if (root->is_confined)
		find_file(ids, root);
	return ids;
}

void pciids_close(struct pciids *ids)
{
	pci_cleanup(ids->access);
	free(ids);
}

char *pciids_device(struct pciids *ids, const struct pci_device *device)
{
	char name[NAME_SIZE];

	return text_escape(
		pci_lookup_name(ids->access, name, sizeof(name),
				PCI_LOOKUP_VENDOR | PCI_LOOKUP_DEVICE | PCI_LOOKUP_NO_HWDB,
				device->vendor, device->device));
}

char *pciids_class(struct pciids *ids, const struct pci_device *device)
{
	char name[NAME_SIZE];

	return text_escape(pci_lookup_name(ids->access, name, sizeof(name),
					   PCI_LOOKUP_CLASS | PCI_LOOKUP_NO_HWDB,
					   device->class >> 8));
}
