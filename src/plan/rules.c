/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/rules.h"

#include "util/cleanup.h"
#include "util/memory.h"

static bool names_subsystem(const struct selector *selector)
{
	return selector->has_id &&
	       (selector->id.subvendor != ID_ANY || selector->id.subdevice != ID_ANY);
}

/* What is returned shares SELECTOR's path. */
static struct selector without_subsystem(const struct selector *selector)
{
	struct selector other = *selector;

	other.id.subvendor = other.id.subdevice = ID_ANY;
	return other;
}

static bool differs_in_subsystem(const struct rule *rule, const struct pci_device *device)
{
	const struct selector selector = without_subsystem(&rule->selector);

	return names_subsystem(&rule->selector) && match_kind(&selector, device);
}

static void refuse_mismatch(struct decision *decision, enum fit fit)
{
	const struct pci_device *device = decision->device;

	if (fit == FIT_PLACE_ONLY && differs_in_subsystem(decision->rule, device))
		plan_refuse(decision, FINDING_ID_MISMATCH,
			    "[%04x:%04x] has subsystem %04x:%04x, not that of the rule from %s",
			    device->vendor, device->device, device->subvendor, device->subdevice,
			    decision->rule->origin);
	else if (fit == FIT_PLACE_ONLY)
		plan_refuse(decision, FINDING_ID_MISMATCH,
			    "[%04x:%04x] class %06x is not the device that the rule from %s names",
			    device->vendor, device->device, device->class, decision->rule->origin);
	else
		plan_refuse(
			decision, FINDING_LOCATION_MISMATCH,
			"address and path in the rule from %s are not of the same device: this one's path is %s",
			decision->rule->origin, device->path ? device->path : "unknown");
}

/* The first device that RULE would match if it said nothing of a subsystem. */
static const struct pci_device *find_other_subsystem(const struct rule *rule,
						     const struct plan *plan)
{
	const struct selector selector = without_subsystem(&rule->selector);
	const struct pci_device *first = NULL;
	struct device_list devices;

	if (!names_subsystem(&rule->selector))
		return NULL;
	devices = kinds_find(plan_kinds(plan), &selector.id);
	for_each_member(device, devices)
	{
		if ((first && *device > first) || selector_fit(&selector, *device) != FIT_ALL)
			continue;
		first = *device;
		if (selector.id.device != ID_ANY)
			break;
	}
	return first;
}

/* "; 10de:2684 is at ...", or NULL. In a list, a ':' for a ',' makes one entry of two. */
static char *hint_of_subsystem(const struct rule *rule, const struct plan *plan)
{
	const struct pci_device *other = find_other_subsystem(rule, plan);
	char name[ADDRESS_SIZE];

	if (!other)
		return NULL;
	return memory_printf(
		"; %04x:%04x is at %s, but with subsystem %04x:%04x%s", other->vendor,
		other->device, address_format(&other->address, name), other->subvendor,
		other->subdevice,
		rule->entry
			? ": the third and fourth field are the subsystem, and ids are separated by commas"
			: "");
}

static void tell_absent(struct decision *decision, const struct plan *plan)
{
	const struct rule *rule = decision->rule;
	_cleanup_free_ char *hint = hint_of_subsystem(rule, plan);

	if (rule->entry)
		findings_add(&decision->findings, FINDING_ABSENT,
			     "no device matches '%s' of %s, from %s%s", rule->entry, rule->name,
			     rule->origin, hint ? hint : "");
	else
		findings_add(&decision->findings, FINDING_ABSENT,
			     "no device matches the rule from %s%s", rule->origin,
			     hint ? hint : "");
}

static void add_absent(struct plan *plan, const struct rule *rule, bool fits_taken)
{
	struct decision *decision;

	/* What a driver's own option names, a rule may name as well. */
	if (rule->entry && fits_taken)
		return;
	decision = plan_add(plan, rule, NULL);
	if (fits_taken)
		findings_add(
			&decision->findings, FINDING_ABSENT,
			"every device that the rule from %s matches belongs to an earlier rule",
			rule->origin);
	else
		tell_absent(decision, plan);
}

/*
 * A rule that no device matches: name those that are where it says and that no other rule means, or
 * else say that there is none.
 */
static void plan_mismatches(struct plan *plan, size_t r, const struct matches *matches)
{
	const struct rule *rule = &plan->want->rules[r];
	size_t before = plan->count;

	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		const struct match *match = &matches->items[m];
		const struct pci_device *device = &plan->facts->devices[match->device];

		if (match->fit != FIT_ALL && matches->rule_of[match->device] == RULE_NONE &&
		    !plan_find(plan, device))
			refuse_mismatch(plan_add(plan, rule, device), match->fit);
	}
	if (plan->count == before)
		add_absent(plan, rule, matches->is_met[r]);
}

/* An address alone means whatever turns up there. The drivers' own options have no better way. */
static void propose_id(struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	const struct pci_device *device = decision->device;
	_cleanup_free_ char *id = NULL;

	if (!selector->has_address || selector->path || selector->has_id || selector->has_class ||
	    selector->means_below_bridges || device->is_virtual)
		return;
	id = selector->address.any_function
		     ? memory_printf("%04x:*", device->vendor)
		     : memory_printf("%04x:%04x", device->vendor, device->device);
	findings_add(&decision->findings, FINDING_ADDRESS_ALONE,
		     "the rule from %s has only an address; for this device add: id = %s",
		     decision->rule->origin, id);
}

static void check_count(struct plan *plan, size_t first, const struct rule *rule)
{
	size_t found = plan->count - first;
	bool has_place = rule->selector.has_address || rule->selector.path;

	for (size_t i = first; i < plan->count; i++) {
		if (rule->count && rule->count != found)
			plan_refuse(&plan->decisions[i], FINDING_COUNT_MISMATCH,
				    "the rule from %s has count = %u, but matches %zu devices",
				    rule->origin, rule->count, found);
		else if (!rule->count && !has_place && found > 1)
			findings_add(&plan->decisions[i].findings, FINDING_SEVERAL_MATCH,
				     "one of %zu devices that the rule from %s matches", found,
				     rule->origin);
	}
}

/* Of a [device] rule the devices that are its own; of an [sriov] rule its virtual functions. */
static void add_fitting(struct plan *plan, size_t r, const struct matches *matches)
{
	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		size_t d = matches->items[m].device;

		if (matches->rule_of[d] == r)
			propose_id(plan_add(plan, &plan->want->rules[r], &plan->facts->devices[d]));
	}
}

static void add_physical(struct plan *plan, size_t r, const struct matches *matches)
{
	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		const struct match *match = &matches->items[m];
		const struct pci_device *device = &plan->facts->devices[match->device];

		if (match->fit == FIT_ALL && !device->is_virtual)
			propose_id(plan_add(plan, &plan->want->rules[r], device));
	}
}

/* A rule that may be for another machine takes nothing on this one. */
static void refuse_unknown(struct plan *plan, size_t first, const struct rule *rule)
{
	for (size_t i = first; rule->standing == STANDING_UNKNOWN && i < plan->count; i++)
		plan_refuse(&plan->decisions[i], FINDING_CONDITION_UNKNOWN,
			    "it is not known whether the rule from %s is for this machine: %s",
			    rule->origin, rule->standing_why);
}

void plan_rule(struct plan *plan, size_t number, const struct matches *matches)
{
	const struct rule *rule = &plan->want->rules[number];
	size_t first = plan->count;

	if (rule->kind == RULE_SRIOV)
		add_physical(plan, number, matches);
	else
		add_fitting(plan, number, matches);
	if (plan->count == first)
		plan_mismatches(plan, number, matches);
	else
		check_count(plan, first, rule);
	if (rule->kind == RULE_SRIOV)
		add_fitting(plan, number, matches);
	refuse_unknown(plan, first, rule);
}
