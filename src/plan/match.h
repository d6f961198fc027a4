/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule means which device. */
#ifndef PASSTHRU_PLAN_MATCH_H
#define PASSTHRU_PLAN_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/facts.h"
#include "want/want.h"

#define RULE_NONE ((size_t)-1)

/* How far a device fits a selector. */
enum fit {
	FIT_NONE,       /* it is another device */
	FIT_LOCATION,   /* one of address and path holds, the other does not */
	FIT_PLACE_ONLY, /* all that is said of its place holds, but not its id or class */
	FIT_ALL,
};

/* Whether id and class hold, as far as they are given. */
bool match_kind(const struct selector *selector, const struct pci_device *device);

enum fit selector_fit(const struct selector *selector, const struct pci_device *device);

/*
 * The same among all FACTS, which tell what is behind a bridge, and what is a virtual function: of
 * those FIT_PLACE_ONLY and FIT_LOCATION are never said, they are about the physical one.
 */
enum fit match_fit(const struct selector *selector, const struct facts *facts,
		   const struct pci_device *device);

/* How far DEVICE, which is no virtual function, fits a selector that means those of it. */
enum fit match_fit_physical(const struct selector *selector, const struct pci_device *device);

/*
 * For each device the index of the first rule that it fits wholly, or RULE_NONE. The caller frees
 * the array.
 */
size_t *match_rules(const struct want *want, const struct facts *facts);

/*
 * Whether the plan will ask for more than the scan knows of this device: a rule means it, or means
 * its place, or a stub driver has it. WANT is a struct want: fits scan_details().
 */
bool match_is_concerned(const struct facts *facts, const struct pci_device *device,
			const void *want);

#endif
