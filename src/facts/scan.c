/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/scan.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "facts/evidence.h"
#include "facts/functions.h"
#include "facts/iommu.h"
#include "facts/kmsg.h"
#include "facts/topology.h"
#include "facts/xen.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEVICES           "sys/bus/pci/devices"
#define DRIVERS           "sys/bus/pci/drivers"
#define UNSAFE_INTERRUPTS "sys/module/vfio_iommu_type1/parameters/allow_unsafe_interrupts"
#define CONFIG_SIZE_MAX   4096
#define UEVENT_SIZE       4097 /* the kernel's own limit is a page */

struct scan {
	const struct root *devices; /* the directory of all devices */
	struct facts *facts;
};

/* What the link to the device says of its place, and the path of its `uevent` from here. */
static void read_place(const struct root *devices, const char *name, struct pci_device *device,
		       char uevent_path[static PATH_MAX])
{
	char target[PATH_MAX - sizeof("/uevent")];

	if (root_readlink(devices, name, target, sizeof(target)) > 0) {
		device->path = device_path_from_link(target);
		device->has_parent = device_parent_from_link(target, &device->parent) == 0;
		/* All of sysfs are relative; those of what stands for it may not be. */
		if (*target != '/')
			name = target;
	}
	stpcpy(stpcpy(uevent_path, name), "/uevent");
}

/* Read device NAME into *DEVICE. A negative errno: it is no device, or gone. */
static int read_device(const struct root *devices, const char *name, struct pci_device *device)
{
	char uevent_path[PATH_MAX], uevent[UEVENT_SIZE];
	int r = address_parse(name, &device->address);

	if (r < 0)
		return r;
	read_place(devices, name, device, uevent_path);
	r = root_read_attribute(devices, uevent_path, uevent, sizeof(uevent));
	return r < 0 ? r : device_parse_uevent(device, uevent);
}

/* A device that has just gone is none; any other one must not be missing without a word. */
static void note_unreadable(struct facts *facts, const char *name, int error)
{
	if (error != -ENOENT && error != -ENODEV)
		findings_add(&facts->findings, FINDING_UNREADABLE, "%s: %s", name,
			     strerror(-error));
}

static int scan_device(const char *name, void *context)
{
	struct scan *scan = context;
	struct facts *facts = scan->facts;
	struct pci_device device = { .group = GROUP_NONE };

	int r = read_device(scan->devices, name, &device);

	if (r < 0) {
		note_unreadable(facts, name, r);
		device_free(&device);
		return 0;
	}
	facts->devices = memory_grow(facts->devices, facts->device_count, sizeof(device));
	facts->devices[facts->device_count++] = device;
	return 0;
}

int scan_host(const struct root *root, struct facts *ret)
{
	_cleanup_(root_close) struct root devices = { .fd = -1 };
	struct facts facts = { 0 };
	struct scan scan = { &devices, &facts };
	int r = root_enter(root, DEVICES, &devices);

	if (r == 0)
		r = root_each_entry(&devices, ".", scan_device, &scan);
	if (r < 0) {
		facts_free(&facts);
		return r;
	}
	facts_sort(&facts);
	xen_find_platform(root, &facts);
	iommu_survey(root, &facts);
	*ret = facts;
	return 0;
}

struct membership {
	struct facts *facts;
	struct iommu_group group;
};

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
		return 0;
	device = &membership->facts->devices[index];
	device->group = group->number;
	strcpy(device->group_type, group->type);
	device->has_direct_region = group->has_direct_region;
	device->translated = group->is_real;
	return 0;
}

/* Note the group of the device whose directory this is, at once for all its members. */
static void read_group(const struct root *directory, struct facts *facts)
{
	_cleanup_(root_close) struct root group = { .fd = -1 };
	struct membership membership = { .facts = facts };

	if (iommu_read_group_number(directory, &membership.group.number) == 0 &&
	    root_enter(directory, "iommu_group", &group) == 0) {
		iommu_read_group(&group, &membership.group);
		root_each_entry(&group, "devices", note_member, &membership);
	}
}

/* Built-in drivers have the link `module` too (Linux 6.12); only what was loaded has a state. */
static bool is_module(const struct root *root, const char *driver)
{
	_cleanup_free_ char *path = memory_printf(DRIVERS "/%s/module/initstate", driver);

	return *driver && root_exists(root, path) == 0;
}

static void read_bridge(const struct root *directory, struct pci_device *device)
{
	char config[CONFIG_SIZE_MAX + 1];
	int length = root_read(directory, "config", config, sizeof(config));

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

	if (device->class >> 8 == CLASS_PCI_BRIDGE)
		read_bridge(directory, device);
	if (root_read_attribute(directory, "reset_method", methods, sizeof(methods)) < 0) {
		device->reset = read_reset_of_old(directory);
	} else {
		device->resets_alone = topology_resets_alone(methods);
		device->reset = topology_reset(methods);
	}
	device->has_topology = true;
}

/* The directory of DEVICE in sysfs. One that has gone is -1, and then nothing can be read there. */
static struct root enter_device(const struct root *root, struct pci_device *device)
{
	char path[DEVICE_FILE_SIZE], target[PATH_MAX];
	struct root directory = { .fd = -1 };

	address_format(&device->address, stpcpy(path, DEVICES "/"));
	if (!device->directory && root_readlink(root, path, target, sizeof(target)) > 0)
		device->directory = device_directory_from_link(target);
	root_enter(root, device_file(device, "", path), &directory);
	return directory;
}

static void read_topology_once(const struct root *root, struct pci_device *device)
{
	_cleanup_(root_close) struct root directory = { .fd = -1 };

	if (device->has_topology)
		return;
	directory = enter_device(root, device);
	read_topology(&directory, device);
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

	device->is_removable =
		root_read_attribute(directory, "removable", text, sizeof(text)) >= 0 &&
		strcmp(text, "removable") == 0;
}

/* What Linux knows of the device's IOMMU, where it is Linux that has it. */
static void read_iommu(const struct root *directory, struct facts *facts, struct pci_device *device)
{
	if (device->group == GROUP_NONE)
		read_group(directory, facts);
	if (device->group == GROUP_NONE)
		return;
	if (!device->iommu_unit)
		device->iommu_unit = iommu_read_unit(directory);
	device->translated &= device->iommu_unit != NULL;
}

static void find_variant(struct module_index *modules, struct pci_device *device)
{
	_cleanup_free_ char *modalias = device_modalias(device);

	device->variant_module = module_find_variant(modules, modalias);
}

static void scan_detail(const struct root *root, struct module_index *modules, struct facts *facts,
			struct pci_device *device)
{
	_cleanup_(root_close) struct root directory = enter_device(root, device);

	functions_read_physical(&directory, device);
	if (facts_in_dom0(facts)) {
		device->translated = facts->iommu_state == IOMMU_STATE_ON;
	} else {
		read_iommu(&directory, facts, device);
		if (!device->has_topology)
			read_topology(&directory, device);
		read_bridges_above(root, facts, device);
	}
	/* The kernel says so only of what is behind a port (linux/drivers/pci/probe.c). */
	if (device->has_parent)
		read_removable(&directory, device);
	device->driver_is_module = is_module(root, device->driver);
	if (modules)
		find_variant(modules, device);
	device->is_complete = true;
}

static void derive_groups(const struct root *root, struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++)
		read_topology_once(root, &facts->devices[i]);
	topology_derive_groups(facts);
}

static bool is_in_complete_group(const struct facts *facts, const struct pci_device *device)
{
	for (size_t i = 0; i < facts->device_count && device->group != GROUP_NONE; i++) {
		const struct pci_device *other = &facts->devices[i];

		if (other->is_complete && other->group == device->group)
			return true;
	}
	return false;
}

/* Complete whoever is in one group with a device that is complete. */
static void complete_groups(const struct root *root, struct module_index *modules,
			    struct facts *facts)
{
	for (size_t i = 0; i < facts->device_count; i++) {
		struct pci_device *device = &facts->devices[i];

		if (!device->is_complete && is_in_complete_group(facts, device))
			scan_detail(root, modules, facts, device);
	}
}

/* The log is long, and only of use where something is missing. */
static void explain_iommu(const struct root *root, struct module_index *modules,
			  const char *cmdline, struct facts *facts)
{
	_cleanup_(evidence_free) struct evidence evidence = { 0 };
	char unsafe[8];
	int r = 0;

	evidence_read_cmdline(&evidence, cmdline);
	if (facts->iommu_state != IOMMU_STATE_ON || !facts->interrupt_remapping)
		r = kmsg_each_line(root, evidence_read_log_line, &evidence);
	if (r > 0)
		findings_add(&facts->iommu_findings, FINDING_LOG_ENDLESS,
			     "the end of the kernel log was not reached, so the findings on the "
			     "IOMMU may lack a reason");
	if (module_has_switch(modules, "vfio_iommu_type1", "allow_unsafe_interrupts"))
		evidence.signs[SIGN_UNSAFE_INTERRUPTS] = true;
	if (root_read_attribute(root, UNSAFE_INTERRUPTS, unsafe, sizeof(unsafe)) >= 0)
		evidence.signs[SIGN_UNSAFE_INTERRUPTS] = unsafe[0] == 'Y';
	facts->allows_unsafe_interrupts = evidence.signs[SIGN_UNSAFE_INTERRUPTS];
	facts->denylist_is_off = evidence.signs[SIGN_DENYLIST_OFF];
	evidence_explain(&evidence, facts, &facts->iommu_findings);
}

void scan_details(const struct root *root, struct module_index *modules, const char *cmdline,
		  struct facts *facts, scan_filter is_concerned, const void *context)
{
	if (facts_in_dom0(facts)) {
		xen_survey_iommu(root, modules, facts);
		derive_groups(root, facts);
	} else {
		explain_iommu(root, modules, cmdline, facts);
	}
	for (size_t i = 0; i < facts->device_count; i++) {
		if (is_concerned(facts, &facts->devices[i], context))
			scan_detail(root, modules, facts, &facts->devices[i]);
	}
	complete_groups(root, modules, facts);
}
