/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/match.h"

#include <string.h>

#include "util/memory.h"

static bool field_fits(uint32_t wanted, uint32_t actual)
{
	return wanted == ID_ANY || wanted == actual;
}

static bool id_fits(const struct id_pattern *id, const struct pci_device *device)
{
	return field_fits(id->vendor, device->vendor) && field_fits(id->device, device->device) &&
	       field_fits(id->subvendor, device->subvendor) &&
	       field_fits(id->subdevice, device->subdevice);
}

bool match_kind(const struct selector *selector, const struct pci_device *device)
{
	if (selector->has_id && !id_fits(&selector->id, device))
		return false;
	return !selector->has_class ||
	       ((device->class ^ selector->class.value) & selector->class.mask) == 0;
}

enum fit selector_fit(const struct selector *selector, const struct pci_device *device)
{
	bool address_fits = selector->has_address &&
			    address_pattern_matches(&selector->address, &device->address);
	bool path_fits =
		selector->path && device->path && strcmp(selector->path, device->path) == 0;

	if (address_fits == selector->has_address && path_fits == (selector->path != NULL)) {
		if (match_kind(selector, device))
			return FIT_ALL;
		return address_fits || path_fits ? FIT_PLACE_ONLY : FIT_NONE;
	}
	return address_fits || path_fits ? FIT_LOCATION : FIT_NONE;
}

enum fit match_fit_physical(const struct selector *selector, const struct pci_device *device)
{
	return device->is_virtual ? FIT_NONE : selector_fit(selector, device);
}

static bool is_virtual_of(const struct selector *selector, const struct facts *facts,
			  const struct pci_device *device)
{
	const struct pci_device *physical = facts_physical(facts, device);

	return physical && vf_set_has(&selector->vf, device->vf_number) &&
	       selector_fit(selector, physical) == FIT_ALL;
}

enum fit match_fit(const struct selector *selector, const struct facts *facts,
		   const struct pci_device *device)
{
	if (selector->vf.count)
		return is_virtual_of(selector, facts, device) ? FIT_ALL : FIT_NONE;
	if (!selector->means_below_bridges)
		return selector_fit(selector, device);
	if (device_is_infrastructure(device))
		return FIT_NONE;
	for (; device; device = facts_parent(facts, device)) {
		if (address_pattern_matches(&selector->address, &device->address))
			return FIT_ALL;
	}
	return FIT_NONE;
}

/* An [sriov] rule of WANT is about the functions of DEVICE, which is to keep its own driver. */
static bool is_divided(const struct want *want, const struct pci_device *device)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		if (want->rules[r].kind == RULE_SRIOV &&
		    match_fit_physical(&want->rules[r].selector, device) == FIT_ALL)
			return true;
	}
	return false;
}

/* A driver's own option does not get what a rule says something else of. */
static bool rule_matches(const struct want *want, size_t r, const struct facts *facts,
			 const struct pci_device *device)
{
	const struct rule *rule = &want->rules[r];

	return match_fit(&rule->selector, facts, device) == FIT_ALL &&
	       !(rule->entry && is_divided(want, device));
}

size_t *match_rules(const struct want *want, const struct facts *facts)
{
	size_t *rules = memory_new(facts->device_count, sizeof(*rules));

	for (size_t d = 0; d < facts->device_count; d++) {
		size_t r = 0;

		while (r < want->rule_count && !rule_matches(want, r, facts, &facts->devices[d]))
			r++;
		rules[d] = r < want->rule_count ? r : RULE_NONE;
	}
	return rules;
}

bool match_is_concerned(const struct facts *facts, const struct pci_device *device,
			const void *want)
{
	const struct want *wanted = want;

	if (stub_of_driver(device->driver))
		return true;
	for (size_t r = 0; r < wanted->rule_count; r++) {
		const struct rule *rule = &wanted->rules[r];

		if (match_fit(&rule->selector, facts, device) != FIT_NONE ||
		    (rule->kind == RULE_SRIOV &&
		     match_fit_physical(&rule->selector, device) != FIT_NONE))
			return true;
	}
	return false;
}
