/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/since_boot.h"

#include <stdio.h>

#include "report/note.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

/* "0000:01:00.0 [10de:2184], rule gpu,": who is spoken of. The caller frees it. */
static char *name_of(const struct entry *entry)
{
	return memory_printf("%s [%04x:%04x], rule %s,", entry->address_text, entry->vendor,
			     entry->device, entry->rule);
}

static const struct pci_device *device_at(const struct facts *facts,
					  const struct pci_address *address)
{
	long index = facts_find(facts, address);

	return index >= 0 ? &facts->devices[index] : NULL;
}

/* It stands in the report as being where it is now. */
static bool is_where_it_was(const struct store *store, const struct pci_device *device)
{
	const struct entry *entry = store_find_at(store, &device->address);

	return entry && entry_has_id_of(entry, device);
}

/*
 * Where the device of ENTRY is now, when it is not at its address: in the same place, or the only
 * one of its id that was not there before. NULL: nobody can say.
 */
static const struct pci_device *find_moved(const struct store *store, const struct facts *facts,
					   const struct entry *entry)
{
	const struct pci_device *found = NULL;
	size_t count = 0;

	for_each_device(device, facts) {
		if (!entry_has_id_of(entry, device) || is_where_it_was(store, device))
			continue;
		if (device->path && streq(device->path, entry->path))
			return device;
		found = device;
		count++;
	}
	return count == 1 ? found : NULL;
}

static void tell_gone(const struct store *store, const struct facts *facts,
		      const struct entry *entry, struct findings *findings)
{
	const struct pci_device *moved = find_moved(store, facts, entry);
	const struct pci_device *other = device_at(facts, &entry->address);
	_cleanup_free_ char *who = name_of(entry);
	char name[ADDRESS_SIZE];

	if (moved)
		findings_add(findings, FINDING_CHANGED_SINCE_BOOT, "%s is at %s now", who,
			     address_format(&moved->address, name));
	else if (other)
		findings_add(findings, FINDING_CHANGED_SINCE_BOOT,
			     "%s is gone; another device has its address, [%04x:%04x]", who,
			     other->vendor, other->device);
	else
		findings_add(findings, FINDING_CHANGED_SINCE_BOOT, "%s is gone", who);
}

static void tell_place(const struct pci_device *device, const struct entry *entry,
		       struct findings *findings)
{
	_cleanup_free_ char *who = name_of(entry);

	if (device->path && *entry->path && !streq(device->path, entry->path))
		findings_add(findings, FINDING_CHANGED_SINCE_BOOT,
			     "%s is in another place now: path %s, %s at the last boot", who,
			     device->path, entry->path);
	if (device->group != GROUP_NONE && entry->has_group &&
	    (uint32_t)device->group != entry->group)
		findings_add(findings, FINDING_CHANGED_SINCE_BOOT,
			     "%s is in IOMMU group %d now, in %u at the last boot", who,
			     device->group, (unsigned)entry->group);
}

static void tell_entry(const struct store *store, const struct facts *facts,
		       const struct entry *entry, struct findings *findings)
{
	const struct pci_device *device;

	if (!entry->has_address || !entry->has_id || facts_has_left_out(facts, &entry->address))
		return;
	device = device_at(facts, &entry->address);
	if (device && entry_has_id_of(entry, device))
		tell_place(device, entry, findings);
	else
		tell_gone(store, facts, entry, findings);
}

/* Only of rules that the last boot had: what another one takes has not come. */
static void tell_come(const struct store *store, const struct decision *decision,
		      struct findings *findings)
{
	const struct pci_device *device = decision->device;
	const struct rule *rule = decision->rule;
	char name[ADDRESS_SIZE];

	if (!device || store_find_at(store, &device->address) ||
	    !entries_find_absent(&store->entries, rule->name, rule->entry ? rule->entry : ""))
		return;
	findings_add(findings, FINDING_CHANGED_SINCE_BOOT,
		     "%s [%04x:%04x], rule %s, is there now, and was absent at the last boot",
		     address_format(&device->address, name), device->vendor, device->device,
		     rule->name);
}

void since_boot_tell(const struct store *store, struct session *session)
{
	for_each_entry(entry, store) tell_entry(store, &session->facts, entry, &session->findings);
	for_each_decision(decision, &session->plan)
		tell_come(store, decision, &session->findings);
}
