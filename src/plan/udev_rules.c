/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "plan/udev_rules.h"

#include <stdlib.h>
#include <string.h>

#include "plan/hotplug.h"
#include "plan/settings.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"

/* Whose event it is: the PCI device's, or that of a network interface of it. */
enum event_source { OF_DEVICE, OF_INTERFACE };

static void put_address(struct buffer *rules, const struct address_pattern *pattern)
{
	char name[ADDRESS_SIZE];
	size_t kept = strlen(address_format(&pattern->address, name));

	if (pattern->any_slot)
		kept -= strlen("SS.F");
	else if (pattern->any_function)
		kept -= strlen("F");
	/* The end of the device's path, or a bridge above it; an interface is below. */
	buffer_add(rules, "DEVPATH==\"*/");
	buffer_add_bytes(rules, name, kept);
	buffer_add(rules, "*\", ");
}

static void put_attribute(struct buffer *rules, const char *attribute, enum event_source source)
{
	buffer_add(rules, source == OF_INTERFACE ? "ATTR{device/" : "ATTR{");
	buffer_add(rules, attribute);
}

static void put_id_field(struct buffer *rules, const char *attribute, uint32_t value,
			 enum event_source source)
{
	if (value == ID_ANY)
		return;
	put_attribute(rules, attribute, source);
	buffer_add(rules, "}==\"0x");
	buffer_add_hex(rules, value, 4);
	buffer_add(rules, "\", ");
}

/* "pci0000:00/01.0/00.0": the devices on the way have their domain and bus in sysfs. */
static void put_path(struct buffer *rules, const char *path, enum event_source source)
{
	_cleanup_free_ char *copy = memory_copy(path, strlen(path));
	char *rest = copy;

	buffer_add(rules, "DEVPATH==\"");
	for (char *hop; (hop = strsep(&rest, "/"));)
		buffer_printf(rules, "/%s%s", strncmp(hop, "pci", 3) == 0 ? "*" : "*:", hop);
	buffer_add(rules, source == OF_INTERFACE ? "/net/*\", " : "\", ");
}

/* udev compares texts: what of a digit does not count, any digit is good for. */
static void put_class(struct buffer *rules, const struct class_pattern *class,
		      enum event_source source)
{
	put_attribute(rules, "class", source);
	buffer_add(rules, "}==\"0x");
	for (int shift = 20; shift >= 0; shift -= 4) {
		if ((class->mask >> shift & 0xf) == 0xf)
			buffer_printf(rules, "%x", class->value >> shift & 0xf);
		else
			buffer_add(rules, "?");
	}
	buffer_add(rules, "\", ");
}

static void put_kind(struct buffer *rules, const struct selector *selector,
		     enum event_source source)
{
	if (selector->has_id) {
		put_id_field(rules, "vendor", selector->id.vendor, source);
		put_id_field(rules, "device", selector->id.device, source);
	}
	if (selector->has_class)
		put_class(rules, &selector->class, source);
}

/* What a stub takes by ids it takes in any place. */
static void put_matches(struct buffer *rules, const struct selector *selector, bool by_kind,
			enum event_source source)
{
	if (!by_kind && selector->has_address)
		put_address(rules, &selector->address);
	else if (!by_kind && selector->path)
		put_path(rules, selector->path, source);
	else
		put_kind(rules, selector, source);
}

/* For each rule the first decision that is armed, or NULL. The caller frees the array. */
static const struct decision **find_armed(const struct plan *plan)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	const struct decision **armed = memory_new(plan->want->rule_count, sizeof(*armed));

	for (size_t i = plan->count; i > 0; i--) {
		const struct decision *decision = &plan->decisions[i - 1];

		if (decision->is_armed)
			armed[decision->rule - plan->want->rules] = decision;
	}
	return armed;
}

static void put_target(struct buffer *rules)
{
	buffer_add(rules, "GOTO=\"passthru_hotplug\"\n");
}

/* What the stub took by its list it may have to give back. */
static void put_bound(struct buffer *rules, const struct decision *armed)
{
	const struct selector kind = hotplug_kind(armed);

	buffer_add(rules, "ACTION==\"bind\", DRIVER==\"");
	buffer_add(rules, armed->driver);
	buffer_add(rules, "\", ATTR{driver_override}==\"(null)\", ");
	put_matches(rules, armed->stub->lists_slots ? &armed->rule->selector : &kind,
		    !armed->stub->lists_slots, OF_DEVICE);
	put_target(rules);
}

/* The decision after DECISION for its rule of which the stub was told as well, or NULL. */
static const struct decision *next_armed(const struct plan *plan, const struct decision *decision)
{
	const struct decision *end = plan->decisions + plan->count, *next = decision + 1;

	if (!hotplug_is_of_device(decision))
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
	bool by_kind = armed && !armed->stub->lists_slots && !hotplug_is_of_device(armed);

	buffer_add(rules, "ACTION==\"add\", ");
	/* Those that are being made for an [sriov] rule are seen to with their physical function.
	 */
	if (rule->selector.vf.count)
		buffer_add(rules, "ATTR{physfn/sriov_drivers_autoprobe}==\"1\", ");
	else
		put_matches(rules, &rule->selector, by_kind, OF_DEVICE);
	put_target(rules);
	for (; armed; armed = next_armed(plan, armed)) {
		if (!last || !hotplug_is_same(last, armed))
			put_bound(rules, armed);
		last = armed;
	}
}

/* The settings of its VFs need the PF's interface, which udev tells of by itself. */
static bool needs_interface(const struct rule *rule)
{
	return rule->kind == RULE_SRIOV && rule->standing != STANDING_SET_ASIDE &&
	       (rule->pf_up == CHOICE_YES || vf_lists_are_given(&rule->lists));
}

/* For pf-up the event of the interface is waited for. */
static void put_physical(struct buffer *rules, const struct rule *rule)
{
	if (rule->pf_up == CHOICE_YES)
		return;
	buffer_add(rules, "DRIVER==\"?*\", TEST==\"sriov_numvfs\", ");
	put_matches(rules, &rule->selector, false, OF_DEVICE);
	put_target(rules);
}

/*
 * When the event ends udev has renamed the interface, which many kernels refuse once it is up; and
 * the names of an initramfs may not be the last ones. %b is the device that SUBSYSTEMS found.
 */
static void put_interface(struct buffer *rules, const struct rule *rule, const char *agent,
			  bool is_coldplug)
{
	buffer_add(rules, "SUBSYSTEMS==\"pci\", TEST==\"device/sriov_numvfs\", ");
	if (is_coldplug)
		buffer_add(rules, "ENV{SYNTH_UUID}==\"?*\", ");
	if (rule->pf_up == CHOICE_YES)
		buffer_add(rules, "TEST!=\"/init\", TEST!=\"/etc/initrd-release\", ");
	put_matches(rules, &rule->selector, false, OF_INTERFACE);
	buffer_printf(rules, "RUN+=\"%s --hotplug %%b%s\", GOTO=\"passthru_end\"\n", agent,
		      is_coldplug ? " --coldplug" : "");
}

/* What to do for interfaces of PFs. */
static void put_interfaces(struct buffer *rules, const struct want *want, const char *agent)
{
	buffer_add(rules, "GOTO=\"passthru_end\"\nLABEL=\"passthru_net\"\n");
	for (size_t r = 0; r < want->rule_count; r++) {
		if (!needs_interface(&want->rules[r]))
			continue;
		put_interface(rules, &want->rules[r], agent, true);
		put_interface(rules, &want->rules[r], agent, false);
	}
}

static bool has_interfaces(const struct want *want)
{
	for (size_t r = 0; r < want->rule_count; r++) {
		if (needs_interface(&want->rules[r]))
			return true;
	}
	return false;
}

/* Returns whether there was something to put. */
static bool put_rule(struct buffer *rules, const struct rule *rule, const struct plan *plan,
		     const struct decision *armed)
{
	if (rule->standing == STANDING_SET_ASIDE)
		return false;
	if (rule->kind == RULE_SRIOV)
		put_physical(rules, rule);
	else if (rule->options.hotplug == CHOICE_YES)
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

static void put_access(struct buffer *rules, const struct decision *decision)
{
	const char *owner = settings_value(decision, SETTING_OWNER);
	const char *mode = settings_value(decision, SETTING_MODE);

	if (owner)
		buffer_printf(rules, ", OWNER=\"%.*s\", GROUP=\"%s\"", (int)strcspn(owner, ":"),
			      owner, strchr(owner, ':') + 1);
	if (mode)
		buffer_printf(rules, ", MODE=\"%s\"", mode);
	buffer_add(rules, "\n");
}

/*
 * The group's node is no child of the device. Its number may be another group's one day, and the
 * address another device's, so what counts is that the device is there, and claimed.
 */
static void put_nodes(struct buffer *rules, const struct decision *decision)
{
	char name[ADDRESS_SIZE];

	address_format(&decision->device->address, name);
	buffer_printf(rules,
		      "SUBSYSTEM==\"vfio\", TEST==\"/sys/kernel/iommu_groups/%%k/devices/%s\", "
		      "ATTR{[pci/%s]driver_override}==\"%s\"",
		      name, name, decision->driver);
	put_access(rules, decision);
	buffer_printf(rules,
		      "SUBSYSTEM==\"vfio-dev\", KERNELS==\"%s\", ATTRS{driver_override}==\"%s\"",
		      name, decision->driver);
	put_access(rules, decision);
}

char *udev_rules_of_nodes(const struct decision *decision)
{
	struct buffer rules = { 0 };

	buffer_add(&rules, "# Written by passthru: owner and mode in passthru.conf(5)\n");
	put_nodes(&rules, decision);
	return rules.text;
}

/* Returns whether there are any. */
static bool put_all_nodes(struct buffer *rules, const struct plan *plan)
{
	bool has_nodes = false;

	for_each_decision(decision, plan) {
		if (decision->verdict != VERDICT_TAKE || !settings_have_node(decision))
			continue;
		put_nodes(rules, decision);
		has_nodes = true;
	}
	return has_nodes;
}

char *udev_rules_make(const struct plan *plan, const char *agent)
{
	_cleanup_free_ const struct decision **armed = find_armed(plan);
	const struct want *want = plan->want;
	struct buffer rules = { 0 };
	bool is_needed;

	buffer_add(&rules, "# Written by the agent at boot: passthru-init(8), HOTPLUG\n");
	is_needed = put_all_nodes(&rules, plan);
	if (has_interfaces(want))
		buffer_add(&rules, "SUBSYSTEM==\"net\", ACTION==\"add\", GOTO=\"passthru_net\"\n");
	buffer_printf(&rules, "SUBSYSTEM!=\"pci\", GOTO=\"passthru_end\"\n"
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
		"LABEL=\"passthru_hotplug\"\n"
		"ENV{SYNTH_UUID}==\"?*\", RUN+=\"%s --hotplug %%k --coldplug\", GOTO=\"passthru_end\"\n"
		"RUN+=\"%s --hotplug %%k\"\n",
		agent, agent);
	if (has_interfaces(want))
		put_interfaces(&rules, want, agent);
	buffer_add(&rules, "LABEL=\"passthru_end\"\n");
	if (is_needed)
		return rules.text;
	buffer_free(&rules);
	return NULL;
}
