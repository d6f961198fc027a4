/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` knows of each device, for each way to print it. */
#ifndef PASSTHRU_CLI_LIST_INVENTORY_H
#define PASSTHRU_CLI_LIST_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "session/session.h"

struct item {
	const struct pci_device *device;
	struct item *parent;           /* the bridge right above; NULL on a root bus */
	bool is_shown;                 /* the user asked for it */
	bool is_drawn;                 /* in the tree: it is shown, or something behind it */
	char *name, *class_name;       /* of pci.ids, escaped */
	char driver[DRIVER_NAME_SIZE]; /* that has it now; "" for none */
	char resets[128];              /* as the kernel lists them */
	char *node;                    /* of VFIO's for it alone (probe/vfio_node.h); or NULL */
	const char *rule;              /* that means it; NULL for none */
	bool is_taken;                 /* it will be at the next boot */
	bool is_bound_by_other; /* to a stub driver, now; no rule takes it, passthru did not */
	bool is_binder_unknown; /* it is bound to one, and what passthru did could not be read */
};

struct inventory {
	struct session session;
	struct item *items; /* one for each device of the host, in the order of addresses */
	size_t count;
};

/* Print as a table, with all there is, as a tree, or as JSON. */
void inventory_print_table(const struct inventory *inventory);
void inventory_print_long(const struct inventory *inventory);
void inventory_print_tree(const struct inventory *inventory);
void inventory_print_json(const struct inventory *inventory);

/* The next reason why the host needs ITEM, from index *NEXT on, or NULL. */
const struct need *inventory_next_need(const struct inventory *inventory, const struct item *item,
				       size_t *next);

/* "2 of 7 virtual functions", "virtual function 1 of 0000:03:00.0"; NULL without SR-IOV. */
char *inventory_sriov(const struct item *item);

/* The item of the NEXT other member of ITEM's IOMMU group from index *NEXT on, or NULL. */
const struct item *inventory_next_member(const struct inventory *inventory, const struct item *item,
					 size_t *next);

#endif
