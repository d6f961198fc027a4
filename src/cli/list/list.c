/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru list: every PCI device with what a rule can say of it, and what is to be known of it. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/list/inventory.h"
#include "cli/message.h"
#include "cli/pciids.h"
#include "cli/pick.h"
#include "plan/condition.h"
#include "probe/vfio_node.h"
#include "report/others.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define DEVICES "sys/bus/pci/devices"

struct list_options {
	bool tree, details, json;
};

/* The attribute NAME of DEVICE; "" where it is not there or cannot be shown as it is. */
static void read_attribute(const struct root *root, const struct pci_device *device,
			   const char *name, char *buffer, size_t size)
{
	char address[ADDRESS_SIZE];
	_cleanup_free_ char *path =
		memory_printf(DEVICES "/%s/%s", address_format(&device->address, address), name);

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
	item->class_name = pciids_class(ids, device);
	strcpy(item->driver, device->driver);
	read_attribute(root, device, "reset_method", item->resets, sizeof(item->resets));
	item->node = vfio_node_find(root, &device->address, &error);
}

/* Rules that take nothing on this machine, which nothing in the table would show. */
static void tell_set_aside(const struct want *want)
{
	_cleanup_(findings_free) struct findings findings = { 0 };

	if (want_is_in_force(want))
		conditions_tell(want, &findings);
	cli_tell_findings(&findings);
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

static void fill(struct inventory *inventory, const bool *picked)
{
	const struct facts *facts = &inventory->session.facts;
	struct pciids *ids = pciids_open(inventory->session.input.root);

	inventory->items = memory_new(facts->device_count, sizeof(inventory->items[0]));
	inventory->count = facts->device_count;
	for (size_t i = 0; i < inventory->count; i++)
		fill_item(inventory, i, ids);
	for (size_t i = 0; i < inventory->count; i++) {
		inventory->items[i].is_shown = !picked || picked[i];
		for (struct item *p = &inventory->items[i]; p && (!picked || picked[i]);
		     p = p->parent)
			p->is_drawn = true;
	}
	pciids_close(ids);
	session_survey_needs(&inventory->session);
	if (inventory->session.findings.count)
		fputs("passthru: not all needs of the host are known; see `passthru needs`\n",
		      stderr);
	session_plan_next_boot(&inventory->session);
	note_rules(inventory);
	note_others(inventory);
}

static void inventory_free(struct inventory *inventory)
{
	for (size_t i = 0; i < inventory->count; i++) {
		free(inventory->items[i].name);
		free(inventory->items[i].class_name);
		free(inventory->items[i].node);
	}
	free(inventory->items);
	session_free(&inventory->session);
}

static void print(const struct list_options *options, const struct inventory *inventory)
{
	if (options->json)
		inventory_print_json(inventory);
	else if (options->tree)
		inventory_print_tree(inventory);
	else if (options->details)
		inventory_print_long(inventory);
	else
		inventory_print_table(inventory);
}

static int run_list(struct call *call)
{
	_cleanup_(inventory_free) struct inventory inventory = { 0 };
	_cleanup_free_ bool *picked = NULL;
	struct session *session = &inventory.session;
	const struct session_input input = { .root = &call->root, .open_modules = kmod_open };
	int r = session_read_next_boot(session, &input, NULL);

	if (r < 0)
		return cli_error("/proc/cmdline", r);
	if (session->want.has_errors)
		fputs("passthru: the configuration has errors (`passthru check`): no rule counts\n",
		      stderr);
	r = session_scan(session);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	tell_set_aside(&session->want);
	session_scan_functions(session);
	session_scan_details(session);
	for (size_t i = 0; i < session->facts.findings.count; i++)
		fprintf(stderr, "passthru: left out: %s\n", session->facts.findings.items[i].text);
	if (call->operand_count) {
		picked = memory_new(session->facts.device_count, sizeof(*picked));
		r = pick_devices(call, session, picked);
		if (r < 0)
			return r;
	}
	fill(&inventory, picked);
	print(call->options, &inventory);
	return 0;
}

static const struct command_option accepted[] = {
	{ .name = "tree",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, tree),
	  .meaning = "show buses and IOMMU groups as a tree" },
	{ .name = "long",
	  .kind = OPTION_OUTPUT,
	  .offset = offsetof(struct list_options, details),
	  .meaning = "print every field of each device" },
	OPTION_JSON(struct list_options),
};

const struct command list_command = {
	.name = "list",
	.operands = "[ADDRESS|FILTER|RULE]...",
	.operand_max = SIZE_MAX,
	.summary = "the PCI devices of this host",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct list_options),
	.run = run_list,
};
