/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan/group.h"
#include "plan/guard.h"
#include "plan/match.h"
#include "plan/sriov.h"
#include "plan/vfio.h"
#include "util/cleanup.h"
#include "util/memory.h"

const char *state_word(enum state state)
{
	static const char *const words[] = {
		[STATE_PLANNED] = "planned", [STATE_BOUND] = "bound",
		[STATE_CLAIMED] = "claimed", [STATE_HELD] = "held",
		[STATE_REFUSED] = "refused", [STATE_ABSENT] = "absent",
		[STATE_FAILED] = "failed",   [STATE_RETURNED] = "returned",
		[STATE_WAITING] = "waiting", [STATE_READY] = "ready",
	};

	return words[state];
}

void plan_refuse(struct decision *decision, enum finding_code code, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	findings_add_v(&decision->findings, code, format, arguments);
	va_end(arguments);
	if (decision->verdict == VERDICT_TAKE)
		decision->verdict = decision->rule->options.on_failure == FAILURE_HOLD
					    ? VERDICT_HOLD
					    : VERDICT_REFUSE;
	else if (decision->verdict == VERDICT_DIVIDE)
		decision->verdict = VERDICT_REFUSE; /* held, it would be lost to the host */
}

/*
 * A variant's driver is called as its module, which says KBUILD_MODNAME with underscores
 * (linux/drivers/vfio/pci/). The exceptions are named here.
 */
static const char *variant_driver(const char *module)
{
	return strcmp(module, "xe_vfio_pci") == 0 ? "xe-vfio-pci" : module;
}

const struct stub *plan_stub_of(const struct pci_device *device)
{
	return stub_of_driver(device->driver);
}

/* A driver has the device, and not the one that is to have it. */
static bool has_other_driver(const struct decision *decision)
{
	const char *driver = decision->device->driver;

	return *driver && strcmp(driver, decision->driver) != 0;
}

static void choose_driver(struct decision *decision, const struct facts *facts)
{
	const struct options *options = &decision->rule->options;
	const struct pci_device *device = decision->device;
	const struct stub *stub =
		options->driver == DRIVER_STUB ? options->stub : stub_default(facts_in_dom0(facts));
	const char *driver = stub->driver, *module = stub->module;

	decision->stub = stub;
	if (decision->verdict == VERDICT_DIVIDE) {
		snprintf(decision->driver, sizeof(decision->driver), "%s", device->driver);
		return;
	}
	if (options->driver == DRIVER_AUTO && stub->is_vfio && device && device->variant_module &&
	    strlen(device->variant_module) < sizeof(decision->module)) {
		module = device->variant_module;
		driver = variant_driver(module);
	}
	snprintf(decision->driver, sizeof(decision->driver), "%s", driver);
	snprintf(decision->module, sizeof(decision->module), "%s", module);
}

static enum verdict first_verdict(const struct rule *rule, const struct pci_device *device)
{
	if (!device)
		return VERDICT_ABSENT;
	return rule->kind == RULE_SRIOV && !device->is_virtual ? VERDICT_DIVIDE : VERDICT_TAKE;
}

/* If only it can be: not a physical function that is to be divided, whatever became of that. */
static bool is_to_be_taken(const struct decision *decision)
{
	return decision->device &&
	       (decision->rule->kind == RULE_DEVICE || decision->device->is_virtual);
}

static void clear_number(struct plan *plan, const struct decision *decision)
{
	if (decision->device)
		plan->of_device[decision->device - plan->facts->devices] = 0;
}

/* What divides a device that another rule has is refused, and is not the decision on it. */
static void set_number(struct plan *plan, const struct decision *decision, size_t number)
{
	if (decision->device && (is_to_be_taken(decision) || !plan_find(plan, decision->device)))
		plan->of_device[decision->device - plan->facts->devices] = number;
}

struct decision *plan_add(struct plan *plan, const struct rule *rule, const struct facts *facts,
			  const struct pci_device *device)
{
	struct decision *decision;

	plan->decisions = memory_grow(plan->decisions, plan->count, sizeof(*decision));
	decision = &plan->decisions[plan->count++];
	decision->rule = rule;
	decision->device = device;
	decision->verdict = first_verdict(rule, device);
	choose_driver(decision, facts);
	if (device && has_other_driver(decision))
		strcpy(decision->host_driver, device->driver);
	set_number(plan, decision, plan->count);
	return decision;
}

struct decision *plan_find(const struct plan *plan, const struct pci_device *device)
{
	size_t number = plan->of_device[device - plan->facts->devices];

	return number ? &plan->decisions[number - 1] : NULL;
}

void plan_drop_last(struct plan *plan)
{
	struct decision *decision = &plan->decisions[--plan->count];

	clear_number(plan, decision);
	findings_free(&decision->findings);
}

void plan_keep(struct plan *plan,
	       bool (*concerns)(const struct decision *decision, const void *context),
	       const void *context)
{
	size_t kept = 0;

	for (size_t i = 0; i < plan->count; i++)
		clear_number(plan, &plan->decisions[i]);
	for (size_t i = 0; i < plan->count; i++) {
		struct decision *decision = &plan->decisions[i];

		if (!concerns(decision, context)) {
			findings_free(&decision->findings);
			continue;
		}
		plan->decisions[kept++] = *decision;
		set_number(plan, decision, kept);
	}
	plan->count = kept;
}

static void refuse_mismatch(struct decision *decision, enum fit fit)
{
	const struct pci_device *device = decision->device;

	if (fit == FIT_PLACE_ONLY)
		plan_refuse(decision, FINDING_ID_MISMATCH,
			    "[%04x:%04x] class %06x is not the device that the rule from %s means",
			    device->vendor, device->device, device->class, decision->rule->origin);
	else
		plan_refuse(
			decision, FINDING_LOCATION_MISMATCH,
			"address and path in the rule from %s are not of the same device: this one's path is %s",
			decision->rule->origin, device->path ? device->path : "unknown");
}

/* A device that ENTRY, of a driver's own option, would match if it said nothing of a subsystem. */
static const struct pci_device *find_other_subsystem(const struct rule *rule,
						     const struct facts *facts)
{
	struct selector selector = rule->selector;

	if (selector.id.subvendor == ID_ANY || !selector.has_id)
		return NULL;
	selector.id.subvendor = selector.id.subdevice = ID_ANY;
	for (size_t d = 0; d < facts->device_count; d++) {
		if (selector_fit(&selector, &facts->devices[d]) == FIT_ALL)
			return &facts->devices[d];
	}
	return NULL;
}

/* Which entry of the option it was; with ':' in the place of a comma two are one. */
static void tell_absent_entry(struct decision *decision, const struct facts *facts)
{
	const struct rule *rule = decision->rule;
	const struct pci_device *other = find_other_subsystem(rule, facts);
	_cleanup_free_ char *hint = NULL;
	char name[ADDRESS_SIZE];

	if (other)
		hint = memory_printf(
			"; %04x:%04x is at %s, but with subsystem %04x:%04x: the third and fourth field are the subsystem, and ids are separated by commas",
			other->vendor, other->device, address_format(&other->address, name),
			other->subvendor, other->subdevice);
	findings_add(&decision->findings, FINDING_ABSENT, "no device matches '%s' of %s, from %s%s",
		     rule->entry, rule->name, rule->origin, hint ? hint : "");
}

static void add_absent(struct plan *plan, const struct rule *rule, const struct facts *facts,
		       bool fits_taken)
{
	struct decision *decision;

	/* What a driver's own option names, a rule may name as well. */
	if (rule->entry && fits_taken)
		return;
	decision = plan_add(plan, rule, facts, NULL);
	if (rule->entry)
		tell_absent_entry(decision, facts);
	else
		findings_add(&decision->findings, FINDING_ABSENT,
			     fits_taken ? "what fits the rule from %s is an earlier rule's"
					: "no device fits the rule from %s",
			     rule->origin);
}

/*
 * A rule that no device fits: name those that are where it says and that no other rule means, or
 * else say that there is none.
 */
static void plan_mismatches(struct plan *plan, const struct want *want, size_t r,
			    const struct facts *facts, const struct matches *matches)
{
	const struct rule *rule = &want->rules[r];
	size_t before = plan->count;

	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		const struct match *match = &matches->items[m];
		const struct pci_device *device = &facts->devices[match->device];

		if (match->fit != FIT_ALL && matches->rule_of[match->device] == RULE_NONE &&
		    !plan_find(plan, device))
			refuse_mismatch(plan_add(plan, rule, facts, device), match->fit);
	}
	if (plan->count == before)
		add_absent(plan, rule, facts, matches->is_met[r]);
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
		     "the rule from %s selects by address alone; this locks it: id = %s",
		     decision->rule->origin, id);
}

static void check_count(struct plan *plan, size_t first, const struct rule *rule)
{
	size_t found = plan->count - first;
	bool has_place = rule->selector.has_address || rule->selector.path;

	for (size_t i = first; i < plan->count; i++) {
		if (rule->count && rule->count != found)
			plan_refuse(&plan->decisions[i], FINDING_COUNT_MISMATCH,
				    "the rule from %s says count = %u, but fits %zu", rule->origin,
				    rule->count, found);
		else if (!rule->count && !has_place && found > 1)
			findings_add(&plan->decisions[i].findings, FINDING_SEVERAL_MATCH,
				     "one of %zu devices that the rule from %s fits", found,
				     rule->origin);
	}
}

/* Of a [device] rule the devices that are its own; of an [sriov] rule its virtual functions. */
static void add_fitting(struct plan *plan, const struct want *want, size_t r,
			const struct facts *facts, const struct matches *matches)
{
	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		size_t d = matches->items[m].device;

		if (matches->rule_of[d] == r)
			propose_id(plan_add(plan, &want->rules[r], facts, &facts->devices[d]));
	}
}

static void add_physical(struct plan *plan, const struct want *want, size_t r,
			 const struct facts *facts, const struct matches *matches)
{
	for (size_t m = matches->first[r]; m < matches->first[r + 1]; m++) {
		const struct match *match = &matches->items[m];
		const struct pci_device *device = &facts->devices[match->device];

		if (match->fit == FIT_ALL && !device->is_virtual)
			propose_id(plan_add(plan, &want->rules[r], facts, device));
	}
}

static void plan_rule(struct plan *plan, const struct want *want, size_t r,
		      const struct facts *facts, const struct matches *matches)
{
	const struct rule *rule = &want->rules[r];
	size_t first = plan->count;

	if (rule->kind == RULE_SRIOV)
		add_physical(plan, want, r, facts, matches);
	else
		add_fitting(plan, want, r, facts, matches);
	if (plan->count == first)
		plan_mismatches(plan, want, r, facts, matches);
	else
		check_count(plan, first, rule);
	if (rule->kind == RULE_SRIOV)
		add_fitting(plan, want, r, facts, matches);
}

/* Only a network is somebody's to cut off; a file system is unmounted, a guest shut down. */
static bool may_be_interrupted(const struct decision *decision)
{
	return decision->device->usage == USAGE_NONE ||
	       (decision->device->usage == USAGE_NETWORK && decision->rule->allow & ALLOW_NETWORK);
}

/* What is the host's own is left alone, whatever on-failure says: held it would be lost, too. */
static void check_is_not_the_hosts(struct decision *decision)
{
	const struct pci_device *device = decision->device;

	if (device_is_infrastructure(device))
		plan_refuse(decision, FINDING_BRIDGE,
			    "class %06x: bridges, ISA and SMBus functions are never taken",
			    device->class);
	else if (has_other_driver(decision) && device->driver_is_module &&
		 !decision->rule->at_run_time)
		plan_refuse(decision, FINDING_DRIVER_IN_USE,
			    "%s, a module, has it already and may be using it", device->driver);
	else if (has_other_driver(decision) && !may_be_interrupted(decision))
		plan_refuse(decision, FINDING_IN_USE, "%s", device->used_by);
	else
		return;
	decision->verdict = VERDICT_REFUSE;
}

static void note_bound_already(struct decision *decision)
{
	if (decision->verdict == VERDICT_TAKE &&
	    strcmp(decision->device->driver, decision->driver) == 0)
		findings_add(&decision->findings, FINDING_ALREADY_BOUND, "%s had it already",
			     decision->driver);
}

/* A stub driver where it cannot work is not even tried. */
static void check_platform(struct decision *decision, const struct facts *facts)
{
	bool in_dom0 = facts_in_dom0(facts);

	if (decision->verdict != VERDICT_TAKE)
		return;
	if (in_dom0 && decision->stub->host == STUB_NOT_IN_DOM0)
		plan_refuse(decision, FINDING_XEN_DOM0, "%s was asked for in a Xen dom0",
			    decision->driver);
	else if (!in_dom0 && decision->stub->host == STUB_ONLY_IN_DOM0)
		plan_refuse(decision, FINDING_NOT_XEN,
			    "%s was asked for, but this is no Xen dom0%s", decision->driver,
			    strcmp(decision->device->driver, decision->driver) == 0
				    ? ": it has the device and can give it to nobody"
				    : "");
	else if (facts->platform == PLATFORM_XEN_DOM0_PVH)
		findings_add(&decision->findings, FINDING_XEN_PVH, "this dom0 is PVH");
}

static void check_iommu(struct decision *decision, const struct facts *facts)
{
	const char *unread = decision->device->unread[UNREAD_GROUP];
	bool unknown = unread || facts->iommu_state == IOMMU_STATE_UNKNOWN;
	_cleanup_free_ char *what =
		memory_printf("%s%s%s",
			      unknown ? "it is not known whether an IOMMU translates for it"
				      : "no IOMMU translates for it",
			      unread ? ": " : "", unread ? unread : "");

	if (decision->verdict != VERDICT_TAKE || decision->device->translated)
		return;
	if (decision->rule->options.iommu == IOMMU_REQUIRE)
		plan_refuse(decision, unknown ? FINDING_IOMMU_UNKNOWN : FINDING_IOMMU_OFF, "%s",
			    what);
	else
		findings_add(&decision->findings, FINDING_IOMMU_IGNORED,
			     "%s; taken as iommu = warn says", what);
}

/* What speaks against giving this device away, one by one. */
static void check_device(struct decision *decision, const struct facts *facts)
{
	check_is_not_the_hosts(decision);
	guard_check(decision, facts);
	check_platform(decision, facts);
	check_iommu(decision, facts);
	verdict_check_denylist(decision, facts);
	note_bound_already(decision);
}

static void set_planned_state(struct decision *decision)
{
	static const enum state states[] = {
		[VERDICT_TAKE] = STATE_PLANNED,   [VERDICT_REFUSE] = STATE_REFUSED,
		[VERDICT_HOLD] = STATE_PLANNED,   [VERDICT_ABSENT] = STATE_ABSENT,
		[VERDICT_RETURN] = STATE_PLANNED,
	};

	if (decision->verdict != VERDICT_DIVIDE)
		decision->state = states[decision->verdict];
}

void plan_make(const struct want *want, const struct facts *facts, struct plan *ret)
{
	_cleanup_(matches_free) struct matches matches = { 0 };
	struct plan plan = { .facts = facts };

	*ret = plan;
	if (want->has_errors || want->off)
		return;
	plan.of_device = memory_new(facts->device_count, sizeof(*plan.of_device));
	matches_make(want, facts, &matches);
	for (size_t r = 0; r < want->rule_count; r++)
		plan_rule(&plan, want, r, facts, &matches);
	group_extend(&plan, facts);
	for (size_t i = 0; i < plan.count; i++) {
		if (is_to_be_taken(&plan.decisions[i]))
			check_device(&plan.decisions[i], facts);
	}
	guard_check_network_root(&plan, facts);
	group_check(&plan, facts);
	guard_check_last_network(&plan, facts);
	verdict_judge(&plan, facts);
	for (size_t i = 0; i < plan.count; i++) {
		if (plan.decisions[i].verdict == VERDICT_DIVIDE)
			sriov_judge(&plan.decisions[i], &plan, facts);
		set_planned_state(&plan.decisions[i]);
	}
	*ret = plan;
}

void plan_free(struct plan *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		findings_free(&plan->decisions[i].findings);
	free(plan->decisions);
	free(plan->of_device);
	*plan = (struct plan){ 0 };
}
