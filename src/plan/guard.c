/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/guard.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/text.h"

/* What a need means for a device that a rule names. */
static const struct {
	unsigned allow; /* the rule's word that overrides it */
	const char *allow_word;
	enum finding_code code;
	bool refuses; /* otherwise it only warns */
} guards[NEED_KIND_COUNT] = {
	[NEED_STORAGE] = { ALLOW_STORAGE, "storage", FINDING_GUARD_STORAGE, true },
	[NEED_NETWORK] = { ALLOW_NETWORK, "network", FINDING_GUARD_NETWORK, true },
	[NEED_CONSOLE] = { ALLOW_CONSOLE, "console", FINDING_GUARD_CONSOLE, true },
	[NEED_PASSPHRASE] = { ALLOW_CONSOLE, "console", FINDING_GUARD_CONSOLE, true },
	[NEED_UPLINK] = { ALLOW_NETWORK, "network", FINDING_HOST_NETWORK, false },
	[NEED_DISPLAY] = { ALLOW_CONSOLE, "console", FINDING_HOST_DISPLAY, false },
	[NEED_KEYBOARD] = { ALLOW_CONSOLE, "console", FINDING_HOST_KEYBOARD, false },
};

static bool has_ids_of(const struct pci_device *device, const struct need *need)
{
	return device->vendor == need->vendor && device->device == need->device &&
	       device->subvendor == need->subvendor && device->subdevice == need->subdevice;
}

static bool is_at(const struct pci_device *device, const char *path)
{
	return device->path && strcmp(device->path, path) == 0;
}

static bool find_in_place(const struct need *need, const struct facts *facts)
{
	for_each_device(device, facts) {
		if (is_at(device, need->path))
			return has_ids_of(device, need);
	}
	return false;
}

/* What the host needs is where it was when that was recorded. */
static bool is_in_place(const struct need *need, const struct plan *plan)
{
	enum { UNASKED, ELSEWHERE, IN_PLACE };
	unsigned char *place = &plan->need_places[need - plan->facts->needs.items];

	if (*place == UNASKED)
		*place = find_in_place(need, plan->facts) ? IN_PLACE : ELSEWHERE;
	return *place == IN_PLACE;
}

/* How DEVICE is known to be what the host needs; NULL when it is not. */
static const char *recognise(const struct need *need, const struct pci_device *device,
			     const struct plan *plan)
{
	if (is_at(device, need->path))
		return has_ids_of(device, need)
			       ? "the host needs it"
			       : "the host needs the device that was at this address";
	if (has_ids_of(device, need) && !is_in_place(need, plan))
		return "the host needs a device of this kind, which is no longer at its address";
	return NULL;
}

/* Held it would be lost to the host, too. */
static void leave_to_host(struct decision *decision)
{
	decision->verdict = VERDICT_REFUSE;
}

static void apply_need(struct decision *decision, const struct need *need, const char *how)
{
	bool is_allowed = decision->rule->allow & guards[need->kind].allow;
	_cleanup_free_ char *why = text_unescape(need->why);

	if (is_allowed && guards[need->kind].refuses) {
		findings_add(&decision->findings, FINDING_GUARD_OVERRIDDEN,
			     "%s (%s), but the rule from %s has allow = %s", how, why,
			     decision->rule->origin, guards[need->kind].allow_word);
	} else if (guards[need->kind].refuses && !is_allowed) {
		plan_refuse(decision, guards[need->kind].code, "%s: %s", how, why);
		leave_to_host(decision);
	} else if (!is_allowed && decision->verdict == VERDICT_TAKE) {
		findings_add(&decision->findings, guards[need->kind].code, "%s: %s", how, why);
	}
}

static void refuse_if_damaged(struct decision *decision)
{
	const struct pci_device *device = decision->device;
	unsigned allow = decision->rule->allow;

	if ((device_is_storage(device) || device_is_usb(device)) && !(allow & ALLOW_STORAGE))
		plan_refuse(decision, FINDING_GUARD_STORAGE,
			    "the host may need it: could not read everything that the host needs");
	else if (device_is_network(device) && !(allow & ALLOW_NETWORK))
		plan_refuse(decision, FINDING_GUARD_NETWORK,
			    "the host may need it: could not read everything that the host needs");
	else
		return;
	leave_to_host(decision);
}

/* Where nobody can tell which disks the host needs, some may not be taken on a guess. */
static void refuse_if_unrecorded(struct decision *decision)
{
	const struct pci_device *device = decision->device;

	if (decision->rule->allow & ALLOW_STORAGE || !device_is_storage(device) ||
	    !device->driver[0] || device->driver_is_module || decision_is_bound(decision))
		return;
	plan_refuse(
		decision, FINDING_GUARD_STORAGE,
		"a storage controller bound to the built-in driver %s, and the image has no needs file",
		device->driver);
	leave_to_host(decision);
}

/* What could not be read may be what speaks against it. */
static void refuse_if_unread(struct decision *decision, const struct facts *facts)
{
	const char *unread = facts_unread_of(facts, decision->device);

	if (unread)
		plan_refuse(decision, FINDING_GUARD_UNKNOWN, "%s", unread);
	else if (facts->unread_consoles && !(decision->rule->allow & ALLOW_CONSOLE))
		plan_refuse(decision, FINDING_GUARD_CONSOLE,
			    "could not tell which devices the consoles are on: %s",
			    facts->unread_consoles);
	else
		return;
	leave_to_host(decision);
}

void guard_check_needs(struct decision *decision, const struct plan *plan)
{
	const struct facts *facts = plan->facts;

	for (size_t i = 0; i < facts->needs.count; i++) {
		const struct need *need = &facts->needs.items[i];
		const char *how = recognise(need, decision->device, plan);

		if (how)
			apply_need(decision, need, how);
	}
	if (facts->needs_state == NEEDS_DAMAGED)
		refuse_if_damaged(decision);
	else if (facts->needs_state == NEEDS_UNRECORDED)
		refuse_if_unrecorded(decision);
}

void guard_check(struct decision *decision, const struct plan *plan)
{
	guard_check_needs(decision, plan);
	refuse_if_unread(decision, plan->facts);
}

bool guard_looks_for_place(const struct facts *facts, const struct need *need)
{
	for_each_device(device, facts) {
		if (has_ids_of(device, need) && !is_at(device, need->path))
			return true;
	}
	return false;
}

/* Once PLAN is carried out. */
static bool keeps_network(const struct plan *plan)
{
	for_each_device(device, plan->facts) {
		const struct decision *decision = plan_find(plan, device);

		if (device_is_network(device) && !plan_stub_of(device) &&
		    (!decision || decision->verdict == VERDICT_REFUSE))
			return true;
	}
	return false;
}

void guard_check_last_network(struct plan *plan)
{
	if (keeps_network(plan))
		return;
	for_each_decision(decision, plan) {
		if (decision->verdict == VERDICT_TAKE && device_is_network(decision->device) &&
		    !(decision->rule->allow & ALLOW_NETWORK))
			findings_add(&decision->findings, FINDING_HOST_NETWORK,
				     "no network card is left for the host");
	}
}

static bool knows_network(const struct facts *facts)
{
	for (size_t i = 0; i < facts->needs.count; i++) {
		if (facts->needs.items[i].kind == NEED_NETWORK)
			return true;
	}
	return false;
}

static bool is_on_unknown_network(const struct facts *facts)
{
	return facts->has_network_root && !knows_network(facts);
}

/* One that is kept only because it was refused says nothing of the others. */
bool guard_counts_network(const struct plan *plan)
{
	return is_on_unknown_network(plan->facts) || !keeps_network(plan);
}

void guard_check_network_root(struct plan *plan)
{
	if (!is_on_unknown_network(plan->facts) || keeps_network(plan))
		return;
	for_each_decision(decision, plan) {
		if (!decision->device || !device_is_network(decision->device) ||
		    decision->verdict == VERDICT_DIVIDE || decision->rule->allow & ALLOW_NETWORK)
			continue;
		plan_refuse(
			decision, FINDING_GUARD_NETWORK,
			"the kernel command line asks for a network root, no needs file names its network card, and no other one is left for the host");
		leave_to_host(decision);
	}
}
