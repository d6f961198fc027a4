/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list --json: passthru(8), JSON. */
#include <stdio.h>
#include <string.h>

#include "cli/list/details.h"
#include "cli/list/inventory.h"
#include "cli/list/kind.h"
#include "report/json_writer.h"
#include "report/record_json.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"

#define LANES_MAX 32 /* PCI Express Base Specification, Link Capabilities Register */

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

static void put_width(struct json_writer *json, const char *key, const char *text)
{
	uint32_t lanes = 0;
	bool is_known = parse_decimal(text, LANES_MAX, &lanes) == 0 && lanes;

	put_number(json, key, is_known, lanes);
}

static void put_link(struct json_writer *json, const struct details *details)
{
	json_open(json, "link", '{');
	json_text(json, "speed", details->speed);
	put_width(json, "width", details->width);
	json_text(json, "speed_max", details->max_speed);
	put_width(json, "width_max", details->max_width);
	json_close(json, '}');
}

static void put_attached(struct json_writer *json, const struct details *details)
{
	json_open(json, "attached", '[');
	for (size_t i = 0; i < details->attached_count; i++) {
		const struct attached *attached = &details->attached[i];

		json_open(json, NULL, '{');
		json_string(json, "kind", attached->kind);
		json_string(json, "name", attached->name);
		json_string(json, "about", *attached->about ? attached->about : NULL);
		json_close(json, '}');
	}
	json_close(json, ']');
}

static void put_details(struct json_writer *json, const struct details *details)
{
	json_open(json, "modules", '[');
	for (size_t i = 0; i < details->modules.count; i++)
		json_text(json, NULL, details->modules.items[i]);
	json_close(json, ']');
	put_link(json, details);
	put_number(json, "numa_node", details->numa_node >= 0, details->numa_node);
	put_attached(json, details);
}

static void put_identity(struct json_writer *json, const struct item *item)
{
	const struct pci_device *device = item->device;
	_cleanup_free_ char *id = memory_printf("%04x:%04x", device->vendor, device->device);
	_cleanup_free_ char *subsystem =
		memory_printf("%04x:%04x", device->subvendor, device->subdevice);
	_cleanup_free_ char *class = memory_printf("%06x", device->class);
	char name[ADDRESS_SIZE];

	json_text(json, "address", address_format(&device->address, name));
	json_text(json, "path", device->path);
	json_text(json, "id", id);
	json_text(json, "subsystem", subsystem);
	json_text(json, "class", class);
	json_string(json, "kind", kind_of(device));
	json_string(json, "class_name", item->class_name);
	json_string(json, "name", item->name);
}

static void put_item(struct json_writer *json, const struct inventory *inventory,
		     const struct item *item)
{
	const struct pci_device *device = item->device;

	json_open(json, NULL, '{');
	put_identity(json, item);
	put_number(json, "group", device->group != GROUP_NONE, device->group);
	if (device->group_awaits_bind)
		json_string(json, "translated", NULL);
	else
		json_flag(json, "translated", device->translated);
	json_text(json, "driver", item->driver);
	put_details(json, item->details);
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
	json_text(json, "use", item->use.text);
	json_flag(json, "free", item->use.kind == USE_FREE);
	json_close(json, '}');
}

void inventory_print_json(const struct inventory *inventory)
{
	_cleanup_(json_writer_free) struct json_writer json = { 0 };

	json_open(&json, NULL, '{');
	json_number(&json, "version", 1);
	record_put_iommu(&json, &inventory->session.facts, inventory->iommu);
	json_open(&json, "devices", '[');
	for (size_t i = 0; i < inventory->count; i++) {
		if (inventory->items[i].is_shown)
			put_item(&json, inventory, &inventory->items[i]);
	}
	json_close(&json, ']');
	json_close(&json, '}');
	puts(json.buffer.text);
}
