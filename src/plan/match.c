/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/match.h"

#include <string.h>

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
