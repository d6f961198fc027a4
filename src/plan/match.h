/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which rule means which device. */
#ifndef PASSTHRU_PLAN_MATCH_H
#define PASSTHRU_PLAN_MATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "facts/facts.h"
#include "want/index.h"
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

/* The rules of a want by what they select: thousands of them are then looked up, not compared. */
struct matcher {
	const struct want *want;
	struct rule_index index;
};

/* WANT and its rules must outlast it, as they are. */
void matcher_make(const struct want *want, struct matcher *ret);
void matcher_free(struct matcher *matcher);

/*
 * For each device the index of the first rule that it fits wholly, or RULE_NONE. The caller frees
 * the array.
 */
size_t *match_rules(const struct want *want, const struct facts *facts);

/*
 * Whether the plan will ask for more than the scan knows of this device: a rule means it, or means
 * its place, or a stub driver has it. MATCHER is a struct matcher: fits scan_details().
 */
bool match_is_concerned(const struct facts *facts, const struct pci_device *device,
			const void *matcher);

/*
 * Whether a rule may mean DEVICE, of which only address, vendor, device and perhaps path are known:
 * no rule fits one of which this is not said, but for those by other keys (INDEX_KEY_ANY).
 */
bool match_may_mean(const struct matcher *matcher, const struct pci_device *device);

/* A device that fits a rule in some way, as plan_rule() asks for it. */
struct match {
	size_t rule, device; /* their indices */
	enum fit fit;
};

/* All matches of rules and devices that a plan is made of. */
struct matches {
	size_t *rule_of;     /* as of match_rules() */
	struct match *items; /* in the order of rules, then of devices; */
	size_t count;
	size_t *first; /* of each rule, the first among them; one more for the end */
	bool *is_met;  /* of each rule, whether a device fits it wholly, be it another rule's */
};

/*
 * Match all rules with all devices. Among ->items of a [device] rule are the devices that are
 * first of all its own, and those that only its place fits; of an [sriov] rule the virtual
 * functions that are its own, and all physical ones that fit in some way. matches_free() ends it.
 */
void matches_make(const struct want *want, const struct facts *facts, struct matches *ret);
void matches_free(struct matches *matches);

#endif
