/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `list` knows of each device, for each way to print it. */
#ifndef PASSTHRU_CLI_LIST_INVENTORY_H
#define PASSTHRU_CLI_LIST_INVENTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/terminal.h"
#include "plan/decision.h"
#include "session/session.h"

/* What a device can be used for, or why not: the first of these that is so. */
enum use_kind {
	USE_UNKNOWN, /* something could not be read */
	USE_TAKEN,   /* by a rule, at the next boot */
	USE_CHIPSET, /* a bridge or the like: never assigned */
	USE_RULE,    /* a rule matches it, and does not get it; or it enables VFs */
	USE_HOST,    /* the host needs it */
	USE_OTHER,   /* a stub driver has it, from another program or without a rule */
	USE_BARRED,  /* no IOMMU, memory of the firmware */
	USE_SHARED,  /* its IOMMU group has other devices */
	USE_LIMITED, /* no good reset */
	USE_FREE,
};

struct use {
	enum use_kind kind;
	char *text, *brief; /* "taken by rule gpu", "rule gpu"; brief may be NULL */
};

struct item {
	const struct pci_device *device;
	struct item *parent;           /* the bridge right above; NULL on a root bus */
	bool is_shown;                 /* the user asked for it */
	bool is_drawn;                 /* in the tree: it is shown, or something behind it */
	char *name, *class_name;       /* of pci.ids, escaped */
	char *short_name;              /* the same with the vendor in one or two words */
	char driver[DRIVER_NAME_SIZE]; /* that has it now; "" for none */
	char resets[128];              /* as the kernel lists them */
	char *node;                    /* of VFIO's for it alone (probe/vfio_node.h); or NULL */
	const char *rule;              /* that means it; NULL for none */
	enum verdict verdict;          /* of that rule */
	bool is_taken;                 /* it will be at the next boot */
	bool is_bound_by_other; /* to a stub driver, now; no rule takes it, passthru did not */
	bool is_binder_unknown; /* it is bound to one, and what passthru did could not be read */
	struct use use;
	struct details *details; /* only where they are asked for (details.h); or NULL */
};

struct inventory {
	struct session session;
	struct item *items; /* one for each device of the host, in the order of addresses */
	size_t count;
	char *iommu; /* iommu_summary() */
};

/* The ways to print it. */
void inventory_print_table(const struct inventory *inventory, const struct terminal *terminal,
			   bool has_titles);
void inventory_print_long(const struct inventory *inventory);
void inventory_print_tree(const struct inventory *inventory, const struct terminal *terminal,
			  bool has_titles);
void inventory_print_json(const struct inventory *inventory);

/* The next reason why the host needs ITEM, from index *NEXT on, or NULL. */
const struct need *inventory_next_need(const struct inventory *inventory, const struct item *item,
				       size_t *next);

/* "2 of 7 virtual functions", "virtual function 1 of 0000:03:00.0"; NULL without SR-IOV. */
char *inventory_sriov(const struct item *item);

/* The item of the NEXT other member of ITEM's IOMMU group from index *NEXT on, or NULL. */
const struct item *inventory_next_member(const struct inventory *inventory, const struct item *item,
					 size_t *next);

/* "2"; "?" for a group that the kernel makes when a driver binds, "-" for none. */
char *inventory_group(const struct item *item);

/*
 * The address as short as it is clear: without the domain if that of all devices of the host is
 * 0000. Returns BUFFER, or a place in it.
 */
const char *inventory_address(const struct inventory *inventory, const struct item *item,
			      char buffer[static ADDRESS_SIZE]);

/* ITEM is a bridge to another bus, which VFIO does not mind in a group. */
bool inventory_is_bridge(const struct item *item);

/* Whether the line of ITEM is marked with its use, because of a rule or the host; see use.h. */
bool inventory_is_marked(const struct item *item);

#endif
