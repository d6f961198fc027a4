/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list --long: a block of lines for each device. */
#include <stdio.h>

#include "cli/list/details.h"
#include "cli/list/inventory.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static void print_line(const char *key, const char *value)
{
	if (value && *value)
		printf("    %-9s  %s\n", key, value);
}

static void print_group(const struct inventory *inventory, const struct item *item)
{
	_cleanup_free_ char *group = inventory_group(item);
	const struct item *other;
	size_t next = 0, count = 0;

	printf("    group      %s", group);
	while ((other = inventory_next_member(inventory, item, &next))) {
		char name[ADDRESS_SIZE];

		printf("%s%s", count++ ? " " : ", with ",
		       address_format(&other->device->address, name));
	}
	putchar('\n');
}

static void print_needs(const struct inventory *inventory, const struct item *item)
{
	const struct need *need;
	size_t next = 0;

	while ((need = inventory_next_need(inventory, item, &next)))
		printf("    needed for %s: %s\n", need_word(need->kind), need->why);
}

/* "disk nvme0n1: Samsung SSD 990" */
static void print_attached(const struct details *details)
{
	for (size_t i = 0; i < details->attached_count; i++) {
		const struct attached *attached = &details->attached[i];

		printf("    %-9s  %s%s%s\n", attached->kind, attached->name,
		       *attached->about ? ": " : "", attached->about);
	}
}

static void print_details(const struct details *details)
{
	_cleanup_free_ char *modules = names_text(&details->modules, ", ");
	_cleanup_free_ char *escaped = text_escape(modules);
	_cleanup_free_ char *link = details_link(details);
	_cleanup_free_ char *node =
		details->numa_node < 0 ? NULL : memory_printf("%d", details->numa_node);

	print_line("modules", escaped);
	print_line("link", link);
	print_line("NUMA node", node);
	print_attached(details);
}

static void print_block(const struct inventory *inventory, const struct item *item)
{
	const struct pci_device *device = item->device;
	_cleanup_free_ char *class = memory_printf("%06x %s", device->class, item->class_name);
	_cleanup_free_ char *id =
		memory_printf("%04x:%04x:%04x:%04x", device->vendor, device->device,
			      device->subvendor, device->subdevice);
	_cleanup_free_ char *path = device->path ? text_escape(device->path) : NULL;
	_cleanup_free_ char *sriov = inventory_sriov(item);
	_cleanup_free_ char *node = item->node ? memory_printf("/%s", item->node) : NULL;
	char name[ADDRESS_SIZE];

	printf("%s %s\n", address_format(&device->address, name), item->name);
	print_line("use", item->use.text);
	print_line("class", class);
	print_line("id", id);
	print_line("path", path);
	print_group(inventory, item);
	print_line("driver", item->driver);
	print_details(item->details);
	print_line("resets", item->resets);
	print_line("SR-IOV", sriov);
	print_line("node", node);
	print_needs(inventory, item);
}

void inventory_print_long(const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			print_block(inventory, &inventory->items[i]);
	}
}
