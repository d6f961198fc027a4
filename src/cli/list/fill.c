/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list/fill.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/list/details.h"
#include "cli/list/use.h"
#include "cli/pciids.h"
#include "facts/iommu_summary.h"
#include "probe/vfio_node.h"
#include "report/others.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* The attribute NAME of DEVICE; "" where it is not there or cannot be shown as it is. */
static void read_attribute(const struct root *root, const struct pci_device *device,
			   const char *name, char *buffer, size_t size)
{
	char address[ADDRESS_SIZE];
	_cleanup_free_ char *path = memory_printf(PCI_DEVICES "/%s/%s",
						  address_format(&device->address, address), name);

	if (root_read_attribute(root, path, buffer, size) < 0 || !text_is_plain(buffer))
		buffer[0] = '\0';
}

static void fill_item(struct inventory *inventory, size_t index, struct pciids *ids)
{
	const struct pci_device *device = &inventory->session.facts.devices[index];
	const struct pci_device *parent = facts_parent(&inventory->session.facts, device);
	const struct root *root = inventory->session.input.root;
	struct item *item = &inventory->items[index];
	int error;

	item->device = device;
	item->parent = parent ? &inventory->items[parent - inventory->session.facts.devices] : NULL;
	item->name = pciids_device(ids, device);
	item->short_name = pciids_short_device(ids, device);
	item->class_name = pciids_class(ids, device);
	strcpy(item->driver, device->driver);
	read_attribute(root, device, "reset_method", item->resets, sizeof(item->resets));
	item->node = vfio_node_find(root, &device->address, &error);
}

/* With errors in the configuration there is no plan, and so no rule takes anything. */
static void note_rules(struct inventory *inventory)
{
	const struct plan *plan = &inventory->session.plan;

	for_each_decision(decision, plan) {
		struct item *item;

		if (!decision->device)
			continue;
		item = &inventory->items[decision->device - inventory->session.facts.devices];
		item->rule = decision->rule->name;
		item->verdict = decision->verdict;
		item->is_taken = decision->verdict == VERDICT_TAKE;
	}
}

/* Whether PATH was read, or is not there. */
static bool is_read(const char *path, int error, const char *reason)
{
	if (error >= 0 || error == -ENOENT)
		return true;
	fprintf(stderr, "passthru: could not read /%s: %s; " OTHERS_UNKNOWN "\n", path, reason);
	return false;
}

/* Nobody is blamed for what passthru may have bound itself. */
static void note_unknown(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct item *item = &inventory->items[i];

		item->is_binder_unknown = !item->is_taken && stub_of_driver(item->driver);
	}
}

/* What the stub drivers have now, whatever the plan for the next boot. */
static void note_others(struct inventory *inventory)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	_cleanup_(held_free) struct held held = { 0 };
	const struct root *root = inventory->session.input.root;
	int report = store_read(root, &store);
	int drivers = held_read(root, &held);
	bool is_known = is_read(REPORT_PATH, report, store_read_error(report));

	is_known &= is_read(PCI_DRIVERS, drivers, strerror(-drivers));
	if (!is_known) {
		note_unknown(inventory);
		return;
	}
	others_keep(&held, &store);
	for (size_t i = 0; i < held.count; i++) {
		long index = facts_find(&inventory->session.facts, &held.items[i].address);

		if (index >= 0)
			inventory->items[index].is_bound_by_other =
				!inventory->items[index].is_taken;
	}
}

static void fill_items(struct inventory *inventory)
{
	const struct facts *facts = &inventory->session.facts;
	struct pciids *ids = pciids_open(inventory->session.input.root);

	inventory->items = memory_new(facts->device_count, sizeof(inventory->items[0]));
	inventory->count = facts->device_count;
	for (size_t i = 0; i < inventory->count; i++)
		fill_item(inventory, i, ids);
	pciids_close(ids);
}

/* Matched are the facts of now, planned is for those of the next boot. */
void inventory_fill(struct inventory *inventory)
{
	struct session *session = &inventory->session;

	inventory->iommu = iommu_summary(&session->facts);
	session_match(session);
	fill_items(inventory);
	session_survey_needs(session);
	if (session->findings.count)
		fputs("passthru: not all needs of the host are known; see `passthru needs`\n",
		      stderr);
	session_plan_next_boot(session);
	note_rules(inventory);
	note_others(inventory);
	for (size_t i = 0; i < inventory->count; i++)
		use_find(inventory, &inventory->items[i]);
}

void inventory_show(struct inventory *inventory, const bool picked[])
{
	for (size_t i = 0; i < inventory->count; i++) {
		inventory->items[i].is_shown = !picked || picked[i];
		for (struct item *p = &inventory->items[i]; p && (!picked || picked[i]);
		     p = p->parent)
			p->is_drawn = true;
	}
}

void inventory_free(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		struct item *item = &inventory->items[i];

		free(item->name);
		free(item->short_name);
		free(item->class_name);
		free(item->node);
		free(item->use.text);
		free(item->use.brief);
		details_free(item->details);
	}
	free(inventory->items);
	free(inventory->iommu);
	session_free(&inventory->session);
}
