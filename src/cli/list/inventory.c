/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/inventory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/terminal.h"
#include "report/json_writer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

char *inventory_sriov(const struct item *item)
{
	const struct pci_device *device = item->device;
	char name[ADDRESS_SIZE];

	if (device->is_virtual)
		return memory_printf("virtual function %u of %s", device->vf_number,
				     address_format(&device->physical, name));
	if (device->vf_total)
		return memory_printf("%u of %u virtual functions", device->vf_count,
				     device->vf_total);
	return NULL;
}

const struct item *inventory_next_member(const struct inventory *inventory, const struct item *item,
					 size_t *next)
{
	while (*next < inventory->count) {
		const struct item *other = &inventory->items[(*next)++];

		if (other != item && other->device->group == item->device->group &&
		    item->device->group != GROUP_NONE)
			return other;
	}
	return NULL;
}

const struct need *inventory_next_need(const struct inventory *inventory, const struct item *item,
				       size_t *next)
{
	const struct needs *needs = &inventory->session.facts.needs;

	while (item->device->path && *next < needs->count) {
		const struct need *need = &needs->items[(*next)++];

		if (strcmp(need->path, item->device->path) == 0)
			return need;
	}
	return NULL;
}

/* "storage,uplink"; "-" for what the host can spare */
static char *needs_text(const struct inventory *inventory, const struct item *item)
{
	char *text = memory_copy("", 0);
	const struct need *need;
	size_t next = 0;

	while ((need = inventory_next_need(inventory, item, &next))) {
		_cleanup_free_ char *before = text;

		text = memory_printf("%s%s%s", before, *before ? "," : "", need_word(need->kind));
	}
	if (*text)
		return text;
	free(text);
	return memory_printf("-");
}

/* "?": the kernel makes it when a driver binds. */
static char *group_text(const struct pci_device *device)
{
	if (device->group == GROUP_NONE)
		return memory_printf(device->group_awaits_bind ? "?" : "-");
	return memory_printf("%d", device->group);
}

/*
 * A rule that means it but will not get it stands in parentheses. "<other>" is the name of no rule:
 * a stub driver has the device, and not from passthru; "<unknown>": perhaps from passthru.
 */
static char *rule_text(const struct item *item)
{
	if (!item->rule && item->is_binder_unknown)
		return memory_printf("<unknown>");
	if (!item->rule)
		return memory_printf(item->is_bound_by_other ? "<other>" : "-");
	return memory_printf(item->is_taken ? "%s" : "(%s)", item->rule);
}

/* How wide the columns of names must be. */
struct widths {
	int address, driver, rule, needs;
};

static int wider(int width, const char *text)
{
	return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static struct widths measure(const struct inventory *inventory)
{
	struct widths widths = { (int)strlen("0000:00:00.0"), (int)strlen("DRIVER"),
				 (int)strlen("RULE"), (int)strlen("NEEDED FOR") };

	for (size_t i = 0; i < inventory->count; i++) {
		const struct item *item = &inventory->items[i];
		_cleanup_free_ char *rule = rule_text(item);
		_cleanup_free_ char *needs = needs_text(inventory, item);
		char name[ADDRESS_SIZE];

		if (!item->is_shown)
			continue;
		widths.address =
			wider(widths.address, address_format(&item->device->address, name));
		widths.driver = wider(widths.driver, item->driver);
		widths.rule = wider(widths.rule, rule);
		widths.needs = wider(widths.needs, needs);
	}
	return widths;
}

static void print_row(const struct inventory *inventory, const struct item *item,
		      const struct widths *widths, int columns)
{
	_cleanup_free_ char *needs = needs_text(inventory, item);
	const struct pci_device *device = item->device;
	_cleanup_free_ char *group = group_text(device);
	_cleanup_free_ char *rule = rule_text(item);
	_cleanup_free_ char *line = NULL;
	char name[ADDRESS_SIZE];

	line = memory_printf("%-*s  %04x:%04x  %06x  %5s  %-*s  %-*s  %-*s  %s: %s",
			     widths->address, address_format(&device->address, name),
			     device->vendor, device->device, device->class, group, widths->driver,
			     item->driver[0] ? item->driver : "-", widths->rule, rule,
			     widths->needs, needs, item->class_name, item->name);
	printf("%.*s\n", columns, line);
}

void inventory_print_table(const struct inventory *inventory)
{
	struct terminal terminal = terminal_get();
	struct widths widths = measure(inventory);

	printf("%-*s  %-9s  %-6s  %5s  %-*s  %-*s  %-*s  %s\n", widths.address, "ADDRESS", "ID",
	       "CLASS", "GROUP", widths.driver, "DRIVER", widths.rule, "RULE", widths.needs,
	       "NEEDED FOR", "NAME");
	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			print_row(inventory, &inventory->items[i], &widths, terminal.columns);
	}
}

static void print_group(const struct inventory *inventory, const struct item *item)
{
	_cleanup_free_ char *group = group_text(item->device);
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

static void print_line(const char *key, const char *value)
{
	if (value && *value)
		printf("    %-9s  %s\n", key, value);
}

static void print_needs(const struct inventory *inventory, const struct item *item)
{
	const struct need *need;
	size_t next = 0;

	while ((need = inventory_next_need(inventory, item, &next)))
		printf("    needed for %s: %s\n", need_word(need->kind), need->why);
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
	_cleanup_free_ char *rule = rule_text(item);
	_cleanup_free_ char *node = item->node ? memory_printf("/%s", item->node) : NULL;
	char name[ADDRESS_SIZE];

	printf("%s %s\n", address_format(&device->address, name), item->name);
	print_line("class", class);
	print_line("id", id);
	print_line("path", path);
	print_group(inventory, item);
	print_line("driver", item->driver);
	print_line("resets", item->resets);
	print_line("SR-IOV", sriov);
	print_line("node", node);
	print_line("rule", streq(rule, "-") ? NULL : rule);
	print_needs(inventory, item);
}

void inventory_print_long(const struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			print_block(inventory, &inventory->items[i]);
	}
}

static void put_node(struct json_writer *json, const char *node)
{
	_cleanup_free_ char *path = node ? memory_printf("/%s", node) : NULL;

	json_string(json, "vfio_node", path);
}

static void put_resets(struct json_writer *json, const char *resets)
{
	_cleanup_free_ char *copy = memory_copy(resets, strlen(resets));
	char *rest = copy;

	json_open(json, "resets", '[');
	for (char *word; (word = strsep(&rest, " "));) {
		if (*word)
			json_text(json, NULL, word);
	}
	json_close(json, ']');
}

static void put_needs(struct json_writer *json, const struct inventory *inventory,
		      const struct item *item)
{
	const struct need *need;
	size_t next = 0;

	json_open(json, "needs", '[');
	while ((need = inventory_next_need(inventory, item, &next))) {
		json_open(json, NULL, '{');
		json_text(json, "kind", need_word(need->kind));
		json_string(json, "why", need->why);
		json_close(json, '}');
	}
	json_close(json, ']');
}

/* null where it IS_KNOWN not. */
static void put_number(struct json_writer *json, const char *key, bool is_known, int64_t number)
{
	if (is_known)
		json_number(json, key, number);
	else
		json_string(json, key, NULL);
}

static void put_sriov(struct json_writer *json, const struct pci_device *device)
{
	char name[ADDRESS_SIZE] = "";

	if (device->is_virtual)
		address_format(&device->physical, name);
	put_number(json, "vfs", device->vf_total, device->vf_count);
	put_number(json, "vfs_max", device->vf_total, device->vf_total);
	json_text(json, "physical_function", name);
	put_number(json, "vf", device->is_virtual, device->vf_number);
}

static void put_item(struct json_writer *json, const struct inventory *inventory,
		     const struct item *item)
{
	const struct pci_device *device = item->device;
	_cleanup_free_ char *id = memory_printf("%04x:%04x", device->vendor, device->device);
	_cleanup_free_ char *subsystem =
		memory_printf("%04x:%04x", device->subvendor, device->subdevice);
	_cleanup_free_ char *class = memory_printf("%06x", device->class);
	char name[ADDRESS_SIZE];

	json_open(json, NULL, '{');
	json_text(json, "address", address_format(&device->address, name));
	json_text(json, "path", device->path);
	json_text(json, "id", id);
	json_text(json, "subsystem", subsystem);
	json_text(json, "class", class);
	json_string(json, "class_name", item->class_name);
	json_string(json, "name", item->name);
	put_number(json, "group", device->group != GROUP_NONE, device->group);
	if (device->group_awaits_bind)
		json_string(json, "translated", NULL);
	else
		json_flag(json, "translated", device->translated);
	json_text(json, "driver", item->driver);
	put_resets(json, item->resets);
	put_node(json, item->node);
	put_sriov(json, device);
	put_needs(json, inventory, item);
	json_text(json, "rule", item->rule);
	json_flag(json, "taken", item->is_taken);
	if (item->is_binder_unknown)
		json_string(json, "bound_by_other", NULL);
	else
		json_flag(json, "bound_by_other", item->is_bound_by_other);
	json_close(json, '}');
}

void inventory_print_json(const struct inventory *inventory)
{
	_cleanup_(json_writer_free) struct json_writer json = { 0 };

	json_open(&json, NULL, '{');
	json_number(&json, "version", 1);
	json_open(&json, "devices", '[');
	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			put_item(&json, inventory, &inventory->items[i]);
	}
	json_close(&json, ']');
	json_close(&json, '}');
	puts(json.buffer.text);
}
