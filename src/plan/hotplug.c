/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/hotplug.h"

#include <stdlib.h>
#include <string.h>

#include "plan/match.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* Virtual functions come with their physical one, whose rule sees to them. */
static bool wants_later(const struct rule *rule)
{
	return rule->options.hotplug == HOTPLUG_YES && !rule->selector.vf.count;
}

static bool names_ids(const struct selector *selector)
{
	return selector->has_id && selector->id.vendor != ID_ANY && selector->id.device != ID_ANY;
}

static bool names_slot(const struct selector *selector)
{
	return selector->has_address && !selector->address.any_slot &&
	       !selector->address.any_function && !selector->means_below_bridges;
}

/* The stub that DECISION is for has got DEVICE from us. */
static bool is_ours(const struct plan *plan, const struct pci_device *device,
		    const struct decision *decision)
{
	const struct decision *other = plan_find(plan, device);

	return other && other->state == STATE_BOUND && strcmp(other->driver, decision->driver) == 0;
}

/* What the stub of DECISION is told of: as the rule says, else the same device once more. */
static struct selector kind_of(const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	const struct pci_device *device = decision->device;
	struct selector kind = { .has_id = true };

	if (watch_is_of_device(decision)) {
		kind.id = (struct id_pattern){ device->vendor, device->device, ID_ANY, ID_ANY };
		return kind;
	}
	kind.id = selector->id;
	kind.has_class = selector->has_class;
	kind.class = selector->class;
	return kind;
}

static bool host_has_such(const struct plan *plan, const struct facts *facts,
			  const struct decision *decision)
{
	const struct selector kind = kind_of(decision);

	for (size_t d = 0; d < facts->device_count; d++) {
		const struct pci_device *device = &facts->devices[d];

		if (match_kind(&kind, device) && !is_ours(plan, device, decision))
			return true;
	}
	return false;
}

static char *ids_entry(const struct selector *selector)
{
	const struct id_pattern *id = &selector->id;
	const struct class_pattern *class = &selector->class;

	return memory_printf("%x %x %x %x %x %x", id->vendor, id->device, id->subvendor,
			     id->subdevice, selector->has_class ? class->value : 0,
			     selector->has_class ? class->mask : 0);
}

/* What the stub took by its driver_override it has put on its list itself. */
static char *slot_entry(const struct decision *decision)
{
	const struct selector *selector = &decision->rule->selector;
	char name[ADDRESS_SIZE];

	if (decision->verdict != VERDICT_ABSENT || !names_slot(selector))
		return NULL;
	return memory_printf("%s", address_format(&selector->address.address, name));
}

bool watch_is_wanted(const struct decision *decision)
{
	if (!wants_later(decision->rule) ||
	    (decision->verdict != VERDICT_ABSENT && decision->state != STATE_BOUND))
		return false;
	return decision->stub->lists_slots || names_ids(&decision->rule->selector) ||
	       watch_is_of_device(decision);
}

bool watch_is_of_device(const struct decision *decision)
{
	return !decision->stub->lists_slots && !names_ids(&decision->rule->selector) &&
	       decision->device && decision->state == STATE_BOUND;
}

bool watch_is_same(const struct decision *a, const struct decision *b)
{
	const struct selector left = kind_of(a), right = kind_of(b);

	if (a->rule == b->rule && !watch_is_of_device(a))
		return true;
	return strcmp(a->driver, b->driver) == 0 && !a->stub->lists_slots &&
	       memcmp(&left.id, &right.id, sizeof(left.id)) == 0 &&
	       left.has_class == right.has_class &&
	       memcmp(&left.class, &right.class, sizeof(left.class)) == 0;
}

uint64_t watch_key(const struct decision *decision)
{
	const struct selector kind = kind_of(decision);
	const uint32_t ids[] = { kind.id.vendor,    kind.id.device,   kind.id.subvendor,
				 kind.id.subdevice, kind.class.value, kind.class.mask };
	uint64_t key = 0xcbf29ce484222325; /* FNV-1a, by words */

	if (decision->stub->lists_slots)
		return (uintptr_t)decision->rule / sizeof(*decision->rule);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++)
		key = (key ^ ids[i]) * 0x100000001b3;
	return key ^ key >> 32;
}

char *watch_entry(const struct plan *plan, const struct facts *facts,
		  const struct decision *decision)
{
	const struct selector kind = kind_of(decision);

	if (decision->stub->lists_slots)
		return slot_entry(decision);
	return host_has_such(plan, facts, decision) ? NULL : ids_entry(&kind);
}

const struct rule *watch_suspect(const struct want *want, const struct pci_device *device,
				 const char *told)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		const struct rule *rule = &want->rules[r];
		const struct selector *selector = &rule->selector;

		if (wants_later(rule) &&
		    ((names_ids(selector) && match_kind(selector, device)) ||
		     (names_slot(selector) &&
		      address_pattern_matches(&selector->address, &device->address)) ||
		     (told && strcmp(rule->name, told) == 0)))
			return rule;
	}
	return NULL;
}

static void put_address(struct buffer *rules, const struct address_pattern *pattern)
{
	char name[ADDRESS_SIZE];
	size_t kept = strlen(address_format(&pattern->address, name));

	if (pattern->any_slot)
		kept -= strlen("SS.F");
	else if (pattern->any_function)
		kept -= strlen("F");
	/* The end of the device's path, or a bridge above it. */
	buffer_add(rules, "DEVPATH==\"*/");
	buffer_add_bytes(rules, name, kept);
	buffer_add(rules, "*\", ");
}

static void put_id_field(struct buffer *rules, const char *attribute, uint32_t value)
{
	if (value == ID_ANY)
		return;
	buffer_add(rules, "ATTR{");
	buffer_add(rules, attribute);
	buffer_add(rules, "}==\"0x");
	buffer_add_hex(rules, value, 4);
	buffer_add(rules, "\", ");
}

/* "pci0000:00/01.0/00.0": the devices on the way have their domain and bus in sysfs. */
static void put_path(struct buffer *rules, const char *path)
{
	_cleanup_free_ char *copy = memory_copy(path, strlen(path));
	char *rest = copy;

	buffer_add(rules, "DEVPATH==\"");
	for (char *hop; (hop = strsep(&rest, "/"));)
		buffer_printf(rules, "/%s%s", strncmp(hop, "pci", 3) == 0 ? "*" : "*:", hop);
	buffer_add(rules, "\", ");
}

/* udev compares texts: what of a digit does not count, any digit is good for. */
static void put_class(struct buffer *rules, const struct class_pattern *class)
{
	buffer_add(rules, "ATTR{class}==\"0x");
	for (int shift = 20; shift >= 0; shift -= 4) {
		if ((class->mask >> shift & 0xf) == 0xf)
			buffer_printf(rules, "%x", class->value >> shift & 0xf);
		else
			buffer_add(rules, "?");
	}
	buffer_add(rules, "\", ");
}

static void put_kind(struct buffer *rules, const struct selector *selector)
{
	if (selector->has_id) {
		put_id_field(rules, "vendor", selector->id.vendor);
		put_id_field(rules, "device", selector->id.device);
	}
	if (selector->has_class)
		put_class(rules, &selector->class);
}

/* What a stub takes by ids it takes in any place. */
static void put_matches(struct buffer *rules, const struct selector *selector, bool by_kind)
{
	if (!by_kind && selector->has_address)
		put_address(rules, &selector->address);
	else if (!by_kind && selector->path)
		put_path(rules, selector->path);
	else
		put_kind(rules, selector);
}

/* For each rule the first decision that is armed, or NULL. The caller frees the array. */
static const struct decision **find_armed(const struct want *want, const struct plan *plan)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	const struct decision **armed = memory_new(want->rule_count, sizeof(*armed));

	for (size_t i = plan->count; i > 0; i--) {
		const struct decision *decision = &plan->decisions[i - 1];

		if (decision->is_armed)
			armed[decision->rule - want->rules] = decision;
	}
	return armed;
}

static void put_target(struct buffer *rules)
{
	buffer_add(rules, "GOTO=\"passthru_late\"\n");
}

/* What the stub took by its list it may have to give back. */
static void put_bound(struct buffer *rules, const struct decision *armed)
{
	const struct selector kind = kind_of(armed);

	buffer_add(rules, "ACTION==\"bind\", DRIVER==\"");
	buffer_add(rules, armed->driver);
	buffer_add(rules, "\", ATTR{driver_override}==\"(null)\", ");
	put_matches(rules, armed->stub->lists_slots ? &armed->rule->selector : &kind,
		    !armed->stub->lists_slots);
	put_target(rules);
}

/* The decision after DECISION for its rule of which the stub was told as well, or NULL. */
static const struct decision *next_armed(const struct plan *plan, const struct decision *decision)
{
	const struct decision *end = plan->decisions + plan->count, *next = decision + 1;

	if (!watch_is_of_device(decision))
		return NULL;
	while (next < end && (next->rule != decision->rule || !next->is_armed))
		next++;
	return next < end ? next : NULL;
}

/* ARMED is the first decision for RULE of which the stub was told, or NULL. */
static void put_device(struct buffer *rules, const struct rule *rule, const struct plan *plan,
		       const struct decision *armed)
{
	const struct decision *last = NULL;
	bool by_kind = armed && !armed->stub->lists_slots && !watch_is_of_device(armed);

	buffer_add(rules, "ACTION==\"add\", ");
	/* Those that are being made for an [sriov] rule are seen to with their physical function.
	 */
	if (rule->selector.vf.count)
		buffer_add(rules, "ATTR{physfn/sriov_drivers_autoprobe}==\"1\", ");
	else
		put_matches(rules, &rule->selector, by_kind);
	put_target(rules);
	for (; armed; armed = next_armed(plan, armed)) {
		if (!last || !watch_is_same(last, armed))
			put_bound(rules, armed);
		last = armed;
	}
}

static void put_physical(struct buffer *rules, const struct rule *rule)
{
	buffer_add(rules, "DRIVER==\"?*\", TEST==\"sriov_numvfs\", ");
	put_matches(rules, &rule->selector, false);
	put_target(rules);
}

/* Returns whether there was something to put. */
static bool put_rule(struct buffer *rules, const struct rule *rule, const struct plan *plan,
		     const struct decision *armed)
{
	if (rule->kind == RULE_SRIOV)
		put_physical(rules, rule);
	else if (rule->options.hotplug == HOTPLUG_YES)
		put_device(rules, rule, plan, armed);
	else
		return false;
	return true;
}

/* What begins at START says no more than what is right before it. */
static bool is_repeated(const struct buffer *rules, size_t start)
{
	size_t length = rules->length - start;

	return length <= start &&
	       memcmp(rules->text + start - length, rules->text + start, length) == 0;
}

char *watch_rules(const struct want *want, const struct plan *plan, const char *agent)
{
	_cleanup_free_ const struct decision **armed = find_armed(want, plan);
	struct buffer rules = { 0 };
	bool is_needed = false;

	buffer_printf(&rules, "# Written by the agent at boot: passthru-init(8), LATE DEVICES\n"
			      "SUBSYSTEM!=\"pci\", GOTO=\"passthru_end\"\n"
			      "ACTION!=\"add|bind\", GOTO=\"passthru_end\"\n");
	for (size_t r = 0; r < want->rule_count; r++) {
		size_t start = rules.length;

		is_needed |= put_rule(&rules, &want->rules[r], plan, armed[r]);
		if (is_repeated(&rules, start))
			buffer_cut(&rules, start);
	}
	buffer_printf(
		&rules,
		"GOTO=\"passthru_end\"\n"
		"LABEL=\"passthru_late\"\n"
		"ENV{SYNTH_UUID}==\"?*\", RUN+=\"%s --late %%k --again\", GOTO=\"passthru_end\"\n"
		"RUN+=\"%s --late %%k\"\n"
		"LABEL=\"passthru_end\"\n",
		agent, agent);
	if (is_needed)
		return rules.text;
	buffer_free(&rules);
	return NULL;
}
