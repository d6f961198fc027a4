/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list --tree: buses as branches, IOMMU groups as the column before them. */
#include <stdio.h>
#include <string.h>

#include "cli/list/inventory.h"
#include "cli/terminal.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define GROUP_WIDTH 5
#define COLOURS     6 /* from 31, red, to 36, cyan (ECMA-48 SGR) */

struct tree {
	const struct inventory *inventory;
	struct terminal terminal;
};

/* In the tree right below PARENT, or where that is NULL on the root bus that FIRST is on. */
static bool is_below(const struct item *item, const struct item *parent, const struct item *first)
{
	const struct pci_address *address = &item->device->address;

	if (!item->is_drawn || item->parent != parent)
		return false;
	return parent || (address->domain == first->device->address.domain &&
			  address->bus == first->device->address.bus);
}

/* A group of several devices has a colour, the same wherever they are. */
static void print_group(const struct tree *tree, const struct item *item)
{
	size_t next = 0;
	bool is_shared = inventory_next_member(tree->inventory, item, &next);
	int group = item->device->group;

	if (group == GROUP_NONE)
		printf("%*s", GROUP_WIDTH, item->device->group_awaits_bind ? "?" : "");
	else if (is_shared && tree->terminal.has_colours)
		printf("\033[%dm%*d\033[0m", 31 + group % COLOURS, GROUP_WIDTH, group);
	else
		printf("%*d", GROUP_WIDTH, group);
}

static void print_device(const struct tree *tree, const struct item *item, const char *branches,
			 bool is_last)
{
	char name[ADDRESS_SIZE];
	const char *place = strchr(address_format(&item->device->address, name), ':') + 1;
	_cleanup_free_ char *driver = item->driver[0] ? memory_printf(" (%s)", item->driver) : NULL;
	_cleanup_free_ char *rule =
		item->rule
			? memory_printf(item->is_taken ? " [%s]" : " [%s: not taken]", item->rule)
			: NULL;
	_cleanup_free_ char *line =
		memory_printf("  %s%s%s%s%s %s: %s", branches, is_last ? "`-" : "|-", place,
			      driver ? driver : "", rule ? rule : "", item->class_name, item->name);

	print_group(tree, item);
	printf("%.*s\n", tree->terminal.columns - GROUP_WIDTH, line);
}

static void print_branch(const struct tree *tree, const struct item *parent,
			 const struct item *first, const char *branches)
{
	const struct item *items = tree->inventory->items, *last = NULL;

	for (size_t i = 0; i < tree->inventory->count; i++) {
		if (is_below(&items[i], parent, first))
			last = &items[i];
	}
	for (const struct item *item = items; last && item <= last; item++) {
		_cleanup_free_ char *deeper =
			memory_printf("%s%s", branches, item == last ? "  " : "| ");

		if (!is_below(item, parent, first))
			continue;
		print_device(tree, item, branches, item == last);
		print_branch(tree, item, NULL, deeper);
	}
}

/* ITEM is the first that is drawn of those on its root bus. */
static bool begins_bus(const struct inventory *inventory, const struct item *item)
{
	const struct item *first = inventory->items;

	while (first < item && !is_below(first, NULL, item))
		first++;
	return first == item && is_below(item, NULL, item);
}

void inventory_print_tree(const struct inventory *inventory)
{
	struct tree tree = { inventory, terminal_get() };

	puts("GROUP  DEVICE (DRIVER) [RULE] CLASS: NAME");
	for (size_t i = 0; i < inventory->count; i++) {
		const struct item *item = &inventory->items[i];

		if (!begins_bus(inventory, item))
			continue;
		printf("%*s  pci%04x:%02x\n", GROUP_WIDTH, "", item->device->address.domain,
		       item->device->address.bus);
		print_branch(&tree, NULL, item, "");
	}
}
