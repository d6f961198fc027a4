/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list: one line for each device. */
#include <stdio.h>

#include "cli/list/inventory.h"
#include "cli/list/kind.h"
#include "cli/table.h"
#include "util/cleanup.h"
#include "util/memory.h"

static const struct table_column columns[] = {
	{ .title = "ADDRESS" }, { .title = "ID", .is_optional = true },
	{ .title = "CLASS" },   { .title = "GROUP", .is_right = true },
	{ .title = "DRIVER" },  { .title = "USE" },
	{ .title = "NAME" },
};

static void add_row(struct table *table, const struct inventory *inventory, const struct item *item)
{
	const struct pci_device *device = item->device;
	_cleanup_free_ char *id = memory_printf("%04x:%04x", device->vendor, device->device);
	_cleanup_free_ char *group = inventory_group(item);
	char name[ADDRESS_SIZE];

	table_add(table, inventory_address(inventory, item, name), NULL);
	table_add(table, id, NULL);
	table_add(table, kind_of(device), NULL);
	table_add(table, group, NULL);
	table_add(table, item->driver[0] ? item->driver : "-", NULL);
	table_add(table, item->use.text, item->use.brief);
	table_add(table, item->short_name, NULL);
}

void inventory_print_table(const struct inventory *inventory, const struct terminal *terminal,
			   bool has_titles)
{
	_cleanup_(table_free) struct table table = { .columns = columns,
						     .column_count = ARRAY_SIZE(columns) };
	_cleanup_free_ char *text = NULL;

	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			add_row(&table, inventory, &inventory->items[i]);
	}
	text = table_format(&table, terminal->columns, has_titles);
	fputs(text, stdout);
}
