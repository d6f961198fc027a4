/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What was imported, as it fits the host: rules that sections can say, and what nothing explains.
 */
#ifndef PASSTHRU_CLI_IMPORT_RESOLVE_H
#define PASSTHRU_CLI_IMPORT_RESOLVE_H

#include "cli/import/model.h"
#include "facts/facts.h"

/* A network interface, and the PCI function that it is of. */
struct import_interface {
	char *name, *mac;
	struct pci_address address;
};

/* What somebody else than passthru has done with a device by now. */
struct import_device {
	char stub[DRIVER_NAME_SIZE]; /* bound it to this stub driver; "" when nobody has */
	bool has_vfs;                /* made its virtual functions */
};

/* {0} is a host of which nothing is known. */
struct import_host {
	struct facts facts;
	struct import_device *devices; /* of the devices of the facts, in their order; or NULL */
	struct import_interface *interfaces;
	size_t interface_count;
	bool has_own; /* passthru itself has bound a device, or made virtual functions */
};

/*
 * Finish IMPORT, and return in SAID its rules as far as a section can say them. What a section
 * cannot say (all of a bus, what is behind a bridge) becomes one rule for each device of HOST that
 * it matches, and virtual functions one for each physical one; without any it becomes a note. So
 * does each device of HOST that a stub driver has, and each that has virtual functions, if nothing
 * that was read asks for that. The caller frees SAID.
 */
void import_resolve(struct import *import, const struct import_host *host, struct intent *said);

void import_host_free(struct import_host *host);

#endif
