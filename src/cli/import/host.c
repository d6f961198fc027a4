/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/host.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "probe/scan.h"
#include "probe/sriov.h"
#include "report/note.h"
#include "report/others.h"
#include "system/listing.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define INTERFACES "sys/class/net"

static void note_unread(struct import *import, const char *what, int error)
{
	if (error < 0 && error != -ENOENT)
		import_note(import, NOTE_UNCLEAR, "could not read /%s: %s", what, strerror(-error));
}

/* Whether the report is there and cannot be read: then nobody knows what passthru has bound. */
static bool note_unread_report(struct import *import, int error)
{
	if (error >= 0 || error == -ENOENT)
		return false;
	import_note(import, NOTE_UNCLEAR, "could not read /" REPORT_PATH ": %s; " OTHERS_UNKNOWN,
		    store_read_error(error));
	return true;
}

/*
 * Devices of which nothing is known, by their addresses, and what else the scan could not read, by
 * a path. It is escaped, as each note will be.
 */
static void note_left_out(struct import *import, const struct facts *facts)
{
	for (size_t i = 0; i < facts->findings.count; i++) {
		_cleanup_free_ char *said = text_unescape(facts->findings.items[i].text);
		bool is_whole = facts->unread && streq(said, facts->unread);

		import_note(import, NOTE_UNCLEAR, "%s%s",
			    is_whole ? "" : "could not read /" PCI_DEVICES "/", said);
	}
}

/* Those that are of no PCI device (bridges, bonds) have nothing that counts here. */
static void add_interface(const struct root *root, struct import_host *host, const char *name)
{
	_cleanup_free_ char *link = memory_printf(INTERFACES "/%s", name);
	_cleanup_free_ char *file = memory_printf(INTERFACES "/%s/address", name);
	struct import_interface *interface;
	const struct pci_device *device;
	char target[PATH_MAX], mac[64];

	if (root_readlink(root, link, target, sizeof(target)) < 0)
		return;
	device = facts_device_of_link(&host->facts, target);
	if (!device)
		return;
	if (root_read_attribute(root, file, mac, sizeof(mac)) < 0)
		mac[0] = '\0';
	host->interfaces = memory_grow(host->interfaces, host->interface_count, sizeof(*interface));
	interface = &host->interfaces[host->interface_count++];
	interface->name = memory_copy(name, strlen(name));
	interface->mac = memory_copy(mac, strlen(mac));
	interface->address = device->address;
}

static void read_interfaces(const struct root *root, struct import *import,
			    struct import_host *host)
{
	_cleanup_(names_free) struct names names = { 0 };

	note_unread(import, INTERFACES, listing_read(root, INTERFACES, "", &names));
	for (size_t i = 0; i < names.count; i++)
		add_interface(root, host, names.items[i]);
}

static bool is_held(const struct held *held, const struct pci_address *address)
{
	for (size_t i = 0; i < held->count; i++) {
		if (address_compare(&held->items[i].address, address) == 0)
			return true;
	}
	return false;
}

/* What the devices say of themselves, beside what their drivers have. */
static void add_bound(struct held *held, const struct facts *facts)
{
	for_each_device(device, facts) {
		if (!stub_of_driver(device->driver) || is_held(held, &device->address))
			continue;
		held->items = memory_grow(held->items, held->count, sizeof(held->items[0]));
		held->items[held->count].address = device->address;
		strcpy(held->items[held->count++].driver, device->driver);
	}
}

static void note_held(struct import *import, struct import_host *host,
		      const struct held_device *held)
{
	long index = facts_find(&host->facts, &held->address);
	char name[ADDRESS_SIZE];

	if (index >= 0)
		strcpy(host->devices[index].stub, held->driver);
	else
		import_note(import, NOTE_UNCLEAR, "%s is bound to %s, and could not be read",
			    address_format(&held->address, name), held->driver);
}

/*
 * Its virtual functions are those that passthru enabled, by its report: of this very device, and so
 * many. A rule that assigns the device itself enables none.
 */
static bool has_own_vfs(const struct store *store, const struct pci_device *device)
{
	const struct entry *entry = store_find_at(store, &device->address);

	return entry && (entry->state == STATE_READY || entry->state == STATE_WAITING) &&
	       entry_has_id_of(entry, device) && entry->vfs == device->vf_count;
}

static void read_devices(const struct root *root, struct import *import, struct import_host *host)
{
	_cleanup_(store_close) struct store store = { .lock_fd = -1 };
	_cleanup_(held_free) struct held held = { 0 };
	bool is_unread;
	size_t count;

	host->devices = memory_new(host->facts.device_count, sizeof(host->devices[0]));
	is_unread = note_unread_report(import, store_read(root, &store));
	note_unread(import, PCI_DRIVERS, held_read(root, &held));
	add_bound(&held, &host->facts);
	count = held.count;
	others_keep(&held, &store);
	host->has_own = held.count < count;
	for (size_t i = 0; i < held.count && !is_unread; i++)
		note_held(import, host, &held.items[i]);
	for (size_t i = 0; i < host->facts.device_count; i++) {
		const struct pci_device *device = &host->facts.devices[i];
		bool is_own = device->vf_count && has_own_vfs(&store, device);

		host->devices[i].has_vfs = device->vf_count && !is_own && !is_unread;
		host->has_own |= is_own;
	}
}

void import_host_read(const struct root *root, struct import *import, struct import_host *ret)
{
	int r = scan_host(root, &ret->facts);

	if (r < 0) {
		note_unread(import, PCI_DEVICES, r);
		return;
	}
	note_left_out(import, &ret->facts);
	functions_survey(root, &ret->facts);
	read_interfaces(root, import, ret);
	read_devices(root, import, ret);
}
