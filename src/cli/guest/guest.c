/* SPDX-License-Identifier: GPL-2.0-or-later */
/* passthru guest: what a guest's configuration must say to get the devices. */
#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/guest/guest.h"
#include "cli/message.h"
#include "cli/pick.h"
#include "probe/vfio_node.h"
#include "session/session.h"
#include "system/kmod.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/nearest.h"
#include "util/parse.h"

#define SLOT_MAX  31
#define HOST_NAME "proc/sys/kernel/hostname"
#define NODE_SIZE (HOST_NAME_MAX + sizeof("\n"))

struct guest_options {
	const char *format, *slot, *node;
};

static void add_device(struct guest *guest, const struct session *session,
		       const struct pci_device *device)
{
	const struct rule *rule = session_rule_of(session, device);
	const struct stub *stub = stub_of_driver(device->driver);
	struct guest_device *added;
	int error;

	guest->devices = memory_grow(guest->devices, guest->count, sizeof(*added));
	added = &guest->devices[guest->count++];
	added->device = device;
	added->name = rule ? memory_copy(rule->name, strlen(rule->name))
			   : memory_printf("%04x-%04x", device->vendor, device->device);
	added->is_permissive = rule && rule->permissive == CHOICE_YES;
	added->is_assignable =
		stub && stub->hypervisor == (guest->in_dom0 ? HYPERVISOR_XEN : HYPERVISOR_KVM);
	added->node = vfio_node_find(session->input.root, &device->address, &error);
}

static void add_picked(struct guest *guest, const struct session *session, const bool picked[])
{
	for_each_device(device, &session->facts) {
		if (picked[device - session->facts.devices])
			add_device(guest, session, device);
	}
}

static bool is_in(const struct guest *guest, const struct pci_device *device)
{
	for (size_t i = 0; i < guest->count; i++) {
		if (guest->devices[i].device == device)
			return true;
	}
	return false;
}

/* What DEVICE and OTHER have in common; NULL for nothing. */
static const char *how_they_belong(const struct pci_device *device, const struct pci_device *other)
{
	if (device->group != GROUP_NONE && other->group == device->group)
		return "in the same group";
	return address_same_slot(&device->address, &other->address)
		       ? "another function of the same slot"
		       : NULL;
}

static void warn_of_others(const struct guest *guest, const struct facts *facts,
			   const struct pci_device *device)
{
	char name[ADDRESS_SIZE], address[ADDRESS_SIZE];

	for (size_t i = 0; i < facts->device_count; i++) {
		const struct pci_device *other = &facts->devices[i];
		const char *how = how_they_belong(device, other);

		if (!how || device_is_infrastructure(other) || is_in(guest, other))
			continue;
		fprintf(stderr, "passthru: %s: %s is %s and not given to the guest\n",
			address_format(&device->address, name),
			address_format(&other->address, address), how);
	}
}

/* Nothing that keeps it from being written down: the guest may be for a later boot. */
static void warn_of_devices(const struct guest *guest, const struct facts *facts)
{
	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_device *device = guest->devices[i].device;
		char name[ADDRESS_SIZE];

		if (!guest->devices[i].is_assignable)
			fprintf(stderr,
				"passthru: %s: cannot be assigned to a guest now: bound to %s\n",
				address_format(&device->address, name),
				device->driver[0] ? device->driver : "no driver");
		warn_of_others(guest, facts, device);
	}
}

static void warn_of_format(const struct guest_format *format, bool in_dom0)
{
	if (format->hypervisor != HYPERVISOR_ANY &&
	    in_dom0 != (format->hypervisor == HYPERVISOR_XEN))
		fprintf(stderr, "passthru: this is %sa Xen dom0: no place for a guest of %s\n",
			in_dom0 ? "" : "not ", format->name);
}

static bool has_bridge(const struct guest *guest)
{
	for (size_t i = 0; i < guest->count; i++) {
		char name[ADDRESS_SIZE];

		if (!device_is_infrastructure(guest->devices[i].device) ||
		    device_is_other_bridge(guest->devices[i].device))
			continue;
		fprintf(stderr, "passthru: %s: no guest can have a bridge or SMBus controller\n",
			address_format(&guest->devices[i].device->address, name));
		return true;
	}
	return false;
}

/* A shorter form would name another device. */
static bool can_name(const struct guest_format *format, const struct guest *guest)
{
	bool can = true;

	for (size_t i = 0; i < guest->count; i++) {
		const struct pci_address *address = &guest->devices[i].device->address;
		char name[ADDRESS_SIZE];

		if (address->domain <= format->domain_max)
			continue;
		fprintf(stderr,
			"passthru: %s cannot be said in this format: %s has no PCI domain above %x\n",
			address_format(address, name), format->name, format->domain_max);
		can = false;
	}
	return can;
}

static int read_options(struct call *call, struct guest *guest,
			const struct guest_format **ret_format)
{
	const struct guest_options *options = call->options;
	_cleanup_(names_free) struct names names = { 0 };
	_cleanup_free_ char *text = NULL;

	guest_list_formats(&names);
	text = names_text(&names, ", ");
	*ret_format = options->format ? guest_format_find(options->format) : NULL;
	if (options->format && !*ret_format) {
		_cleanup_free_ char *hint = nearest_hint_of_list(options->format, text);

		return cli_usage_error(call, "no format '%s': there are %s%s", options->format,
				       text, hint);
	}
	if (options->slot &&
	    (parse_decimal(options->slot, SLOT_MAX, &guest->slot) < 0 || guest->slot == 0))
		return cli_usage_error(call, "bad slot '%s': expected 1 to %d", options->slot,
				       SLOT_MAX);
	return 0;
}

/* A name that stands in YAML and in lists with commas as it is; Kubernetes and Proxmox have no
 * other. */
static bool is_node_name(const char *name)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-";
	size_t length = strlen(name);

	return length >= 1 && length <= HOST_NAME_MAX && strspn(name, allowed) == length &&
	       !strchr(".-", name[0]) && !strchr(".-", name[length - 1]);
}

/* The name of the host in its cluster: --node, else its own. */
static int find_node(struct call *call, const struct guest_format *format, struct guest *guest,
		     char name[static NODE_SIZE])
{
	const struct guest_options *options = call->options;
	int r;

	if (!format->needs_node)
		return 0;
	guest->node = options->node ? options->node : name;
	r = options->node ? 0 : root_read_attribute(&call->root, HOST_NAME, name, NODE_SIZE);
	if (r < 0)
		return cli_error("could not read /" HOST_NAME ", so give --node", r);
	if (is_node_name(guest->node))
		return 0;
	return cli_usage_error(call, "'%s' is no name of a node: give another with --node",
			       guest->node);
}

static void guest_free(struct guest *guest)
{
	for (size_t i = 0; i < guest->count; i++) {
		free((char *)guest->devices[i].name);
		free(guest->devices[i].node);
	}
	free(guest->devices);
}

static int run_guest(struct call *call)
{
	const struct session_input input = { .root = &call->root, .open_modules = kmod_open };
	_cleanup_(session_free) struct session session = { 0 };
	_cleanup_(guest_free) struct guest guest = { .root = &call->root };
	_cleanup_free_ bool *picked = NULL;
	const struct guest_format *format;
	char node[NODE_SIZE];
	int r = read_options(call, &guest, &format);

	if (r < 0)
		return r;
	r = session_read_next_boot(&session, &input, NULL);
	if (r < 0)
		return cli_error("/proc/cmdline", r);
	r = session_scan(&session);
	if (r < 0)
		return cli_error("/sys/bus/pci/devices", r);
	session_scan_functions(&session);
	session_scan_details(&session);
	picked = memory_new(session.facts.device_count, sizeof(*picked));
	r = pick_devices(call, &session, picked);
	if (r < 0)
		return r;
	guest.in_dom0 = facts_in_dom0(&session.facts);
	add_picked(&guest, &session, picked);
	if (guest.slot + guest.count > SLOT_MAX + 1)
		return cli_usage_error(call, "%zu devices from slot %u on do not fit", guest.count,
				       guest.slot);
	if (has_bridge(&guest))
		return -EINVAL;
	if (!format)
		format = guest_format_find(guest.in_dom0 ? "xl" : "libvirt");
	if (!can_name(format, &guest))
		return -EINVAL;
	r = find_node(call, format, &guest, node);
	if (r < 0)
		return r;
	warn_of_format(format, guest.in_dom0);
	warn_of_devices(&guest, &session.facts);
	format->print(&guest);
	return 0;
}

static const struct command_option accepted[] = {
	{ .name = "format",
	  .argument = "NAME",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct guest_options, format),
	  .meaning = "whose configuration",
	  .list_values = guest_list_formats },
	{ .name = "slot",
	  .argument = "NUMBER",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct guest_options, slot),
	  .meaning = "guest slot of the first device; the others follow" },
	{ .name = "node",
	  .argument = "NAME",
	  .kind = OPTION_TEXT,
	  .offset = offsetof(struct guest_options, node),
	  .meaning = "name of this host in its cluster" },
};

const struct command guest_command = {
	.name = "guest",
	.operands = "ADDRESS|FILTER|RULE...",
	.operand_min = 1,
	.operand_max = SIZE_MAX,
	.summary = "the guest configuration that assigns devices",
	.options = accepted,
	.option_count = ARRAY_SIZE(accepted),
	.options_size = sizeof(struct guest_options),
	.run = run_guest,
};
