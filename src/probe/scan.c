/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/scan.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts/evidence.h"
#include "facts/network_root.h"
#include "facts/topology.h"
#include "probe/iommu.h"
#include "probe/kmsg.h"
#include "probe/sriov.h"
#include "probe/xen/xen.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define UNSAFE_INTERRUPTS "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
#define CONFIG_SIZE_MAX   4096

struct membership {
	struct facts *facts;
	struct pci_device *of; /* the member by which the group was found */
	struct iommu_group group;
};

/*
 * What is at ADDRESS belongs to DEVICE and is not among the devices: -ENODATA when it could not be
 * read. One that was not looked at will be; see add_relatives().
 */
static int miss_relative(const struct facts *facts, struct pci_device *device,
			 const struct pci_address *address)
{
	struct other_device *other = facts_find_other(facts, address);

	if (other)
		other->is_related = device->lacks_relatives = true;
	return facts_has_left_out(facts, address) ? -ENODATA : 0;
}

static int note_member(const char *name, void *context)
{
	struct membership *membership = context;
	const struct iommu_group *group = &membership->group;
	struct pci_address address;
	struct pci_device *device;
	long index;

	if (address_parse(name, &address) < 0)
		return 0;
	index = facts_find(membership->facts, &address);
	if (index < 0)
		return miss_relative(membership->facts, membership->of, &address);
	device = &membership->facts->devices[index];
	if (device->group == group->number)
		return 0;
	device->group = group->number;
	strcpy(device->group_type, group->type);
	device->has_direct_region = group->has_direct_region;
	device->translated = group->is_real;
	device->group_awaits_bind = false;
	return 0;
}

static void note_group(struct facts *facts, int group, const char *what, int error)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		if (facts->devices[i].group != group)
			continue;
		device_note(&facts->devices[i], UNREAD_GROUP, what, error);
		facts->devices[i].translated = false;
	}
}

/* The group is there: its attributes, then its members. */
static void read_members(const struct root *directory, struct membership *membership,
			 struct pci_device *device)
{
	_cleanup_(root_close) struct root group = { .fd = -1 };
	const char *what = "iommu_group";
	int r = root_enter(directory, what, &group);

	if (r == 0)
		r = iommu_read_group(&group, &membership->group, &what);
	if (r == 0) {
		what = "all members of iommu_group/devices";
		r = root_each_entry(&group, "devices", note_member, membership);
	}
	if (r == 0)
		return;
	device->group = membership->group.number;
	note_group(membership->facts, device->group, what, r);
}

/* Note the group of the device whose directory this is, at once for all its members. */
static int read_group(const struct root *directory, struct facts *facts, struct pci_device *device)
{
	struct membership membership = { .facts = facts, .of = device };
	int r = iommu_read_group_number(directory, &membership.group.number);

	if (r == 0)
		read_members(directory, &membership, device);
	else if (!is_absent(r))
		device_note(device, UNREAD_GROUP, "iommu_group", r);
	return r;
}

/* Built-in drivers have the link `module` too (Linux 6.12); only what was loaded has a state. */
static void read_driver_kind(const struct root *root, struct pci_device *device)
{
	_cleanup_free_ char *path =
		memory_printf(PCI_DRIVERS "/%s/module/initstate", device->driver);
	int r = device->driver[0] ? root_exists(root, path) : -ENOENT;

	device->driver_is_module = r == 0;
	/* That `module` is no directory says nothing of the driver. */
	if (r < 0 && r != -ENOENT)
		device_note(device, UNREAD_GUARD, "driver/module/initstate", r);
}

static void read_bridge(const struct root *directory, struct pci_device *device)
{
	char config[CONFIG_SIZE_MAX + 1];
	int length = root_read(directory, "config", config, sizeof(config));

	if (length < 0 && !is_absent(length))
		device_note(device, UNREAD_SHOWN, "config", length);
	device->is_conventional_bridge =
		length > 0 &&
		topology_is_conventional_bridge((const uint8_t *)config, (size_t)length);
}

/*
 * Without reset_method: before Linux 5.15, or there is no method at all. The file `reset` is there
 * only where there is one (linux/drivers/pci/pci.c pci_dev_reset_attr_is_visible).
 */
static enum reset read_reset_of_old(const struct root *directory)
{
	return root_exists(directory, "reset") == -ENOENT ? RESET_NONE : RESET_UNKNOWN;
}

/* What topology.h asks of each device. */
static void read_topology(const struct root *directory, struct pci_device *device)
{
	char methods[128];
	int r = root_read_attribute(directory, "reset_method", methods, sizeof(methods));

	if (device->class >> 8 == CLASS_PCI_BRIDGE)
		read_bridge(directory, device);
	if (r < 0 && is_absent(r)) {
		device->reset = read_reset_of_old(directory);
	} else if (r < 0) {
		device_note(device, UNREAD_SHOWN, "reset_method", r);
	} else {
		device->resets_alone = topology_resets_alone(methods);
		device->reset = topology_reset(methods);
	}
	device->has_topology = true;
}

/*
 * The directory of DEVICE in sysfs. Where there is no way into it, even since the device has gone,
 * nothing that a decision on it rests on is known.
 */
static int enter_device(const struct root *root, struct pci_device *device, struct root *ret)
{
	_uninitialized_ char path[DEVICE_FILE_SIZE], target[PATH_MAX];
	int r;

	address_format(&device->address, stpcpy(path, PCI_DEVICES "/"));
	if (!device->directory && root_readlink(root, path, target, sizeof(target)) > 0)
		device->directory = device_directory_from_link(target);
	r = root_enter(root, device_file(device, "", path), ret);
	if (r < 0)
		for (size_t kind = 0; kind < UNREAD_COUNT; kind++)
			device_note(device, (enum unread)kind, "its directory", r);
	return r;
}

static void read_topology_once(const struct root *root, struct pci_device *device)
{
	_cleanup_(root_close) struct root directory = { .fd = -1 };

	if (!device->has_topology && enter_device(root, device, &directory) == 0)
		read_topology(&directory, device);
	device->has_topology = true;
}

static void read_bridges_above(const struct root *root, struct facts *facts,
			       const struct pci_device *device)
{
	for (const struct pci_device *p = device; (p = facts_parent(facts, p));)
		read_topology_once(root, &facts->devices[p - facts->devices]);
}

static void read_removable(const struct root *directory, struct pci_device *device)
{
	char text[16];
	int r = root_read_attribute(directory, "removable", text, sizeof(text));

	device->is_removable = r >= 0 && streq(text, "removable");
	if (r < 0 && !is_absent(r))
		device_note(device, UNREAD_SHOWN, "removable", r);
}

/* What Linux knows of the device's IOMMU, where it is Linux that has it. */
static void read_iommu(const struct root *directory, struct facts *facts, struct pci_device *device)
{
	int r = 0;

	if (device->group == GROUP_NONE)
		read_group(directory, facts, device);
	device->group_awaits_bind = device->group == GROUP_NONE && facts_groups_await_bind(facts) &&
				    !device->driver[0] && !device->is_fenced &&
				    !device->unread[UNREAD_GROUP];
	if (device->group == GROUP_NONE)
		return;
	if (!device->iommu_unit)
		r = iommu_read_unit(directory, &device->iommu_unit);
	if (r < 0)
		device_note(device, UNREAD_GROUP, "iommu", r);
	device->translated &= device->iommu_unit && !device->unread[UNREAD_GROUP];
}

static void find_variant(struct module_index *modules, struct pci_device *device)
{
	_cleanup_free_ char *modalias = device_modalias(device);

	device->variant_module = module_find_variant(modules, modalias);
}

static void read_attributes(const struct root *directory, struct facts *facts,
			    struct pci_device *device)
{
	functions_read_physical(directory, device);
	if (!facts_in_dom0(facts)) {
		read_iommu(directory, facts, device);
		if (!device->has_topology)
			read_topology(directory, device);
	}
	/* The kernel says so only of what is behind a port (linux/drivers/pci/probe.c). */
	if (device->has_parent)
		read_removable(directory, device);
}

static void check_physical(const struct facts *facts, struct pci_device *device)
{
	if (device->is_virtual && facts_find(facts, &device->physical) < 0 &&
	    miss_relative(facts, device, &device->physical) < 0)
		device_note(device, UNREAD_GUARD, "its physical function", -ENODATA);
}

static void scan_detail(const struct root *root, struct module_index *modules, struct facts *facts,
			struct pci_device *device)
{
	_cleanup_(root_close) struct root directory = { .fd = -1 };

	if (enter_device(root, device, &directory) == 0)
		read_attributes(&directory, facts, device);
	check_physical(facts, device);
	if (facts_in_dom0(facts))
		device->translated =
			facts->iommu_state == IOMMU_STATE_ON && !device->unread[UNREAD_GROUP];
	else
		read_bridges_above(root, facts, device);
	read_driver_kind(root, device);
	if (modules)
		find_variant(modules, device);
	device->is_complete = true;
}

/* A bridge above DEVICE could not be read. */
static bool has_unread_bridge(const struct facts *facts, const struct pci_device *device)
{
	while ((device = facts_parent(facts, device))) {
		if (device->unread[UNREAD_SHOWN])
			return true;
	}
	return false;
}

/* Where groups are derived, a device that was left out may belong to any of them. */
static void note_unread_topology(struct facts *facts, struct pci_device *device)
{
	if (facts->left_out_count)
		device_note(device, UNREAD_GROUP, "all devices", -ENODATA);
	if (has_unread_bridge(facts, device))
		device_note(device, UNREAD_GROUP, "a bridge above it", -ENODATA);
}

static void derive_groups(const struct root *root, struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++)
		read_topology_once(root, &facts->devices[i]);
	topology_derive_groups(facts);
	for (size_t i = 0; i < facts->device_count; i++)
		note_unread_topology(facts, &facts->devices[i]);
}

static int compare_groups(const void *a, const void *b)
{
	int left = *(const int *)a, right = *(const int *)b;

	return left < right ? -1 : left > right;
}

/* The groups of complete devices, in order; GROUPS has room for one a device. */
static size_t list_complete_groups(const struct facts *facts, int *groups)
{
	size_t count = 0;

	for_each_device(device, facts) {
		if (device->is_complete && device->group != GROUP_NONE)
			groups[count++] = device->group;
	}
	if (count)
		qsort(groups, count, sizeof(*groups), compare_groups);
	return count;
}

/* Complete the devices that share an IOMMU group with a complete one. */
static void complete_groups(const struct root *root, struct module_index *modules,
			    struct facts *facts)
{
	_cleanup_free_ int *groups = memory_new(facts->device_count, sizeof(*groups));
	size_t count = list_complete_groups(facts, groups);

	for (size_t i = 0; count && i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];

		if (!device->is_complete &&
		    bsearch(&device->group, groups, count, sizeof(*groups), compare_groups))
			scan_detail(root, modules, facts, device);
	}
}

static bool has_related(const struct facts *facts)
{
	for (size_t i = 0; i < facts->other_count; i++) {
		if (facts->others[i].is_related)
			return true;
	}
	return false;
}

/* What was read of DEVICE before its relatives were looked at. */
static void reread_relatives(const struct root *root, struct facts *facts,
			     struct pci_device *device)
{
	_cleanup_(root_close) struct root directory = { .fd = -1 };
	int group = device->group, r;

	device->lacks_relatives = false;
	check_physical(facts, device);
	if (group == GROUP_NONE)
		return;
	r = enter_device(root, device, &directory);
	if (r == 0)
		r = read_group(&directory, facts, device);
	if (r < 0)
		note_group(facts, group, "all members of its group", r);
}

/*
 * Look at devices that were left out and belong to one that is complete: members of its group, its
 * physical function. Returns whether there were any.
 */
static bool add_relatives(const struct root *root, struct facts *facts)
{
	if (!has_related(facts))
		return false;
	look_at_related(root, facts);
	for (size_t i = 0; i < facts->device_count; i++) {
		if (facts->devices[i].lacks_relatives)
			reread_relatives(root, facts, &facts->devices[i]);
	}
	return true;
}

/* Complete those that may get into the IOMMU group of a complete one with their first driver. */
static void complete_neighbours(const struct root *root, struct module_index *modules,
				struct facts *facts)
{
	_cleanup_free_ bool *has_complete = memory_new(facts->device_count, 2 * sizeof(bool));

	for_each_device(device, facts) {
		if (device->is_complete)
			has_complete[facts_place(facts, device)] = true;
	}
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];

		if (!device->is_complete && has_complete[facts_place(facts, device)])
			scan_detail(root, modules, facts, device);
	}
}

/* The log is long, and only of use where something is missing. */
static void explain_iommu(const struct root *root, struct module_index *modules,
			  const char *cmdline, struct facts *facts)
{
	_cleanup_(evidence_free) struct evidence evidence = { 0 };
	char unsafe[8];
	int r;

	evidence_read_cmdline(&evidence, cmdline);
	if (facts->iommu_state != IOMMU_STATE_ON || !facts->interrupt_remapping)
		evidence.log_error = kmsg_each_line(root, evidence_read_log_line, &evidence);
	if (evidence.log_error > 0)
		findings_add(&facts->iommu_findings, FINDING_LOG_ENDLESS,
			     "could not read the kernel log to its end; the findings on the "
			     "IOMMU may lack a reason");
	if (module_has_switch(modules, "vfio_iommu_type1", "allow_unsafe_interrupts"))
		evidence.signs[SIGN_UNSAFE_INTERRUPTS] = true;
	r = root_read_attribute(root, UNSAFE_INTERRUPTS, unsafe, sizeof(unsafe));
	if (r >= 0 || !is_absent(r))
		evidence.signs[SIGN_UNSAFE_INTERRUPTS] = r > 0 && unsafe[0] == 'Y';
	if (r < 0 && !is_absent(r))
		findings_add(&facts->iommu_findings, FINDING_IOMMU_UNKNOWN,
			     "could not read /" UNSAFE_INTERRUPTS ": %s", strerror(-r));
	facts->allows_unsafe_interrupts = evidence.signs[SIGN_UNSAFE_INTERRUPTS];
	facts->denylist_is_off = evidence.signs[SIGN_DENYLIST_OFF];
	evidence_explain(&evidence, facts, &facts->iommu_findings);
}

void scan_iommu(const struct root *root, struct module_index *modules, const char *cmdline,
		struct facts *facts)
{
	if (facts_in_dom0(facts))
		xen_survey_iommu(root, modules, facts);
	else
		explain_iommu(root, modules, cmdline, facts);
}

void scan_details(const struct root *root, struct module_index *modules, const char *cmdline,
		  struct facts *facts, scan_filter is_concerned, const void *context)
{
	facts->has_network_root = network_root_find(cmdline);
	scan_iommu(root, modules, cmdline, facts);
	if (facts_in_dom0(facts))
		derive_groups(root, facts);
	for (size_t i = 0; i < facts->device_count; i++) {
		if (is_concerned(facts, &facts->devices[i], context))
			scan_detail(root, modules, facts, &facts->devices[i]);
	}
	if (facts_groups_await_bind(facts))
		complete_neighbours(root, modules, facts);
	do
		complete_groups(root, modules, facts);
	while (add_relatives(root, facts));
}

void scan_new_group(const struct root *root, struct module_index *modules, struct facts *facts,
		    size_t index, int error)
{
	_cleanup_(root_close) struct root directory = { .fd = -1 };
	struct pci_device *device = &facts->devices[index];

	device->is_fenced = true;
	device->group_awaits_bind = false;
	if (enter_device(root, device, &directory) == 0)
		read_iommu(&directory, facts, device);
	if (error < 0 && device->group == GROUP_NONE)
		device_note(device, UNREAD_GROUP, "iommu_group, which is made when a driver binds",
			    error);
	complete_groups(root, modules, facts);
}
