/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/look.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "facts/bus_list.h"
#include "probe/iommu.h"
#include "probe/xen/xen.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define UEVENT_SIZE  4097 /* the kernel's own limit is a page */
#define BUS_LIST     "proc/bus/pci/devices"
#define BUS_LIST_MAX (64 << 20)
#define LISTED_MAX   2048 /* devices */

struct look {
	struct root devices; /* the directory of all devices */
	struct facts *facts;
	const struct look_scope *scope; /* of consider() */
	struct bus_list list;
	bool is_narrow; /* some are left out, so those above others must be named: */
	struct pci_address *wanted;
	size_t wanted_count;
};

static void add_wanted(struct look *look, const struct pci_address *address)
{
	look->wanted = memory_grow(look->wanted, look->wanted_count, sizeof(*address));
	look->wanted[look->wanted_count++] = *address;
}

/* Those on the way to the device that the link TARGET leads to. */
static void want_those_above(struct look *look, const char *target)
{
	char hop[ADDRESS_SIZE];

	for (const char *slash; look->is_narrow && (slash = strchr(target, '/'));
	     target = slash + 1) {
		size_t length = (size_t)(slash - target);
		struct pci_address address;

		if (length >= sizeof(hop))
			continue;
		memcpy(hop, target, length);
		hop[length] = '\0';
		if (address_parse(hop, &address) == 0)
			add_wanted(look, &address);
	}
}

/*
 * What the link to the device says of its place, and the path of its `uevent` from here. Negative
 * errno when that cannot be read: the guards know what the host needs by its path.
 */
static int read_place(struct look *look, const char *name, struct pci_device *device,
		      char uevent_path[static PATH_MAX])
{
	_uninitialized_ char target[PATH_MAX - sizeof("/uevent")];
	int r = root_readlink(&look->devices, name, target, sizeof(target));

	if (r < 0 && r != -EINVAL)
		return r;
	if (r > 0) {
		device->path = device_path_from_link(target);
		device->has_parent = device_parent_from_link(target, &device->parent) == 0;
		want_those_above(look, target);
		/* All of sysfs are relative; those of what stands for it may not be. */
		if (*target != '/')
			name = target;
	}
	stpcpy(stpcpy(uevent_path, name), "/uevent");
	return 0;
}

/* Read device NAME into *DEVICE. A negative errno: it is no device, or gone. */
static int read_device(struct look *look, const char *name, struct pci_device *device)
{
	_uninitialized_ char uevent_path[PATH_MAX], uevent[UEVENT_SIZE];
	int r = address_parse(name, &device->address);

	if (r < 0)
		return r;
	r = read_place(look, name, device, uevent_path);
	if (r == 0)
		r = root_read_attribute(&look->devices, uevent_path, uevent, sizeof(uevent));
	return r < 0 ? r : device_parse_uevent(device, uevent);
}

static void note_unreadable(struct facts *facts, const char *name, int error)
{
	struct pci_address address;

	findings_add(&facts->findings, FINDING_UNREADABLE, "%s: %s", name, strerror(-error));
	if (address_parse(name, &address) < 0)
		return;
	facts->left_out =
		memory_grow(facts->left_out, facts->left_out_count, sizeof(facts->left_out[0]));
	facts->left_out[facts->left_out_count++] = address;
}

static int look_at(const char *name, void *context)
{
	struct look *look = context;
	struct facts *facts = look->facts;
	struct pci_device device = { .group = GROUP_NONE };
	int r = read_device(look, name, &device);

	if (r < 0) {
		/* One that has just gone is none; no other is missing without a word. */
		if (r != -ENOENT && r != -ENODEV)
			note_unreadable(facts, name, r);
		device_free(&device);
		return 0;
	}
	facts->devices = memory_grow(facts->devices, facts->device_count, sizeof(device));
	facts->devices[facts->device_count++] = device;
	return 0;
}

/* --- not all of them */

/* In other domains than the first there may be another one at the same place of the list. */
static const struct bus_entry *find_entry(const struct look *look,
					  const struct pci_address *address)
{
	return address->domain == 0 ? bus_list_find(&look->list, address) : NULL;
}

/* Whether the scope leaves the device out that NAME and its ENTRY in the list tell of. */
static bool is_other(struct look *look, const char *name, struct pci_device *device,
		     const struct bus_entry *entry)
{
	const struct look_scope *scope = look->scope;
	char unused[PATH_MAX];

	if (strlen(entry->driver) >= sizeof(device->driver) ||
	    (scope->by_path && read_place(look, name, device, unused) < 0))
		return false;
	device->vendor = entry->vendor;
	device->device = entry->device;
	strcpy(device->driver, entry->driver);
	return !scope->picks(device, scope->context);
}

static int consider(const char *name, void *context)
{
	struct look *look = context;
	struct facts *facts = look->facts;
	struct pci_device device = { .group = GROUP_NONE };
	const struct bus_entry *entry = address_parse(name, &device.address) == 0
						? find_entry(look, &device.address)
						: NULL;
	size_t before = look->wanted_count;
	bool is_left = entry && is_other(look, name, &device, entry);

	look->wanted_count = before;
	device_free(&device);
	if (!is_left)
		return look_at(name, context);
	facts->others = memory_grow(facts->others, facts->other_count, sizeof(facts->others[0]));
	facts->others[facts->other_count++] =
		(struct other_device){ device.address, entry->vendor, entry->device, false, false };
	return 0;
}

/* The others without those that were taken from among them. */
static void drop_taken(struct facts *facts)
{
	size_t kept = 0;

	for (size_t i = 0; i < facts->other_count; i++) {
		if (!facts->others[i].is_taken)
			facts->others[kept++] = facts->others[i];
	}
	facts->other_count = kept;
}

/* Those that are wanted and were not looked at; they may want more. */
static void look_at_wanted(struct look *look)
{
	for (size_t i = 0; i < look->wanted_count; i++) {
		struct other_device *other = facts_find_other(look->facts, &look->wanted[i]);
		char name[ADDRESS_SIZE];

		if (!other || other->is_taken)
			continue;
		other->is_taken = true;
		look_at(address_format(&other->address, name), look);
	}
	drop_taken(look->facts);
}

/* --- the host */

static int look_at_all(struct look *look)
{
	int r = root_each_entry(&look->devices, ".", look->is_narrow ? consider : look_at, look);

	facts_sort_others(look->facts);
	if (r == 0)
		look_at_wanted(look);
	free(look->wanted);
	return r;
}

/* What is known of the host before any device is. */
static void begin(const struct root *root, struct facts *facts)
{
	*facts = (struct facts){ 0 };
	xen_find_platform(root, facts);
	iommu_survey(root, facts);
}

static int scan(const struct root *root, struct look *look)
{
	int r = root_enter(root, PCI_DEVICES, &look->devices);

	if (r == 0) {
		r = look_at_all(look);
		root_close(&look->devices);
	}
	if (r == 0)
		facts_sort(look->facts);
	else
		facts_free(look->facts);
	return r;
}

int scan_host(const struct root *root, struct facts *ret)
{
	struct facts facts;
	struct look look = { .facts = &facts };
	int r;

	begin(root, &facts);
	r = scan(root, &look);
	if (r == 0)
		*ret = facts;
	return r;
}

static int count_name(const char *name, void *context)
{
	size_t *count = context;

	(void)name;
	++*count;
	return 0;
}

/*
 * Where groups are derived, or made later, any device may be a member of any. A line of the list
 * costs the kernel nearly half of what a look does; and for each page of it the kernel goes through
 * all devices before that (linux/drivers/pci/proc.c pci_seq_start): from some 3,000 on, to look at
 * each is cheaper.
 */
static bool may_leave_some_out(const struct root *root, const struct facts *facts,
			       const struct look_scope *scope)
{
	size_t count = 0;

	return !facts->unread && !facts_in_dom0(facts) && !facts_groups_await_bind(facts) &&
	       root_each_entry(root, PCI_DEVICES, count_name, &count) == 0 && count <= LISTED_MAX &&
	       scope->count <= count / 2;
}

int scan_host_for(const struct root *root, const struct look_scope *scope, struct facts *ret)
{
	_cleanup_free_ char *text = NULL;
	struct facts facts;
	struct look look = { .facts = &facts, .scope = scope };
	size_t size;
	int r;

	begin(root, &facts);
	look.is_narrow = may_leave_some_out(root, &facts, scope) &&
			 root_read_file(root, BUS_LIST, BUS_LIST_MAX, &text, &size) == 0 &&
			 bus_list_parse(text, &look.list) == 0;
	r = scan(root, &look);
	bus_list_free(&look.list);
	if (r == 0)
		*ret = facts;
	return r;
}

/* --- later */

static void want_others(struct look *look, bool only_related)
{
	const struct facts *facts = look->facts;

	for (size_t i = 0; i < facts->other_count; i++) {
		if (facts->others[i].is_related || !only_related)
			add_wanted(look, &facts->others[i].address);
	}
}

/* As of any other device that cannot be read. */
static void give_up(struct look *look, int error)
{
	struct facts *facts = look->facts;

	for (size_t i = 0; i < look->wanted_count; i++) {
		struct other_device *other = facts_find_other(facts, &look->wanted[i]);
		char name[ADDRESS_SIZE];

		other->is_taken = true;
		note_unreadable(facts, address_format(&other->address, name), error);
	}
	drop_taken(facts);
}

/* Each that is left, whatever else is wanted: a search for each would grow with their square. */
static void look_at_each(struct look *look)
{
	struct facts *facts = look->facts;

	while (facts->other_count) {
		char name[ADDRESS_SIZE];

		address_format(&facts->others[--facts->other_count].address, name);
		look_at(name, look);
	}
}

static void look_later(const struct root *root, struct facts *facts, bool only_related)
{
	struct look look = { .facts = facts, .is_narrow = only_related };
	int r = root_enter(root, PCI_DEVICES, &look.devices);

	want_others(&look, only_related);
	if (r < 0)
		give_up(&look, r);
	else if (only_related)
		look_at_wanted(&look);
	else
		look_at_each(&look);
	if (r == 0)
		root_close(&look.devices);
	free(look.wanted);
	facts_sort(facts);
}

void look_at_related(const struct root *root, struct facts *facts)
{
	look_later(root, facts, true);
}

void look_at_others(const struct root *root, struct facts *facts)
{
	look_later(root, facts, false);
}
