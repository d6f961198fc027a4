/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/import/end_source.h"
#include "plan/match.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/overlap.h"

struct resolving {
	struct import *import;
	const struct import_host *host;
	struct intent *said;
	bool *has_known_vfs; /* of each device: something asks for its virtual functions */
};

static bool id_can_be_said(const struct id_pattern *id)
{
	const uint32_t fields[] = { id->vendor, id->device, id->subvendor, id->subdevice };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (fields[i] > 0xffff && fields[i] != ID_ANY)
			return false;
	}
	return true;
}

static bool class_can_be_said(const struct class_pattern *class)
{
	return class->mask == 0xff0000 || class->mask == 0xffff00 || class->mask == 0xffffff;
}

/* Something is behind the bridge at the selector's address. */
static bool means_others(const struct selector *selector, const struct facts *facts)
{
	for_each_device(device, facts) {
		if (address_pattern_matches(&selector->address, &device->address) &&
		    device_is_infrastructure(device))
			return true;
	}
	return false;
}

static bool can_be_said(const struct selector *selector, const struct facts *facts)
{
	if (selector->has_address && selector->address.any_slot)
		return false;
	if (selector->means_below_bridges && means_others(selector, facts))
		return false;
	if (selector->has_id && !id_can_be_said(&selector->id))
		return false;
	return !selector->has_class || class_can_be_said(&selector->class);
}

/* One rule of SAID that RULE becomes, with another SELECTOR. */
static struct rule *say(const struct resolving *resolving, const struct rule *rule,
			const struct selector *selector)
{
	struct rule *said = intent_add_rule(resolving->said, rule->kind, rule->name, rule->origin);

	said->selector = *selector;
	said->selector.means_below_bridges = false;
	if (selector->path)
		said->selector.path = memory_copy(selector->path, strlen(selector->path));
	said->options = rule->options;
	return said;
}

/* By address and id, so that it is never another device's turn once buses are renumbered. */
static struct selector selector_of(const struct pci_device *device)
{
	return (struct selector){
		.has_address = true,
		.address.address = device->address,
		.has_id = true,
		.id = { device->vendor, device->device, ID_ANY, ID_ANY },
	};
}

/* The virtual function at the rule's address, that an [sriov] rule takes: that rule, or NULL. */
static const struct rule *find_sriov(const struct resolving *resolving, const struct rule *rule)
{
	const struct facts *facts = &resolving->host->facts;
	const struct address_pattern *pattern = &rule->selector.address;
	bool is_one = rule->selector.has_address && !pattern->any_slot && !pattern->any_function;
	long index = is_one ? facts_find(facts, &pattern->address) : -ENOENT;

	for (size_t i = 0; index >= 0 && i < resolving->said->rule_count; i++) {
		const struct rule *said = &resolving->said->rules[i];

		if (said->kind == RULE_SRIOV && rule->options.stub == said->options.stub &&
		    match_fit(&said->selector, facts, &facts->devices[index]) == FIT_ALL)
			return said;
	}
	return NULL;
}

/* What asks for it is one more place where that comes from. */
static void say_again(const struct resolving *resolving, const struct rule *rule,
		      const struct rule *sriov)
{
	const struct selector selector = sriov->selector;
	uint32_t vfs = sriov->vfs;
	struct rule *said = say(resolving, rule, &selector);

	said->kind = RULE_SRIOV;
	said->vfs = vfs;
	said->options = (struct options){ .driver = DRIVER_AUTO, .stub = rule->options.stub };
	said->selector.vf.ranges = memory_new(selector.vf.count, sizeof(selector.vf.ranges[0]));
	memcpy(said->selector.vf.ranges, selector.vf.ranges,
	       selector.vf.count * sizeof(selector.vf.ranges[0]));
}

static void resolve_rule(const struct resolving *resolving, const struct rule *rule)
{
	const struct facts *facts = &resolving->host->facts;
	const struct rule *sriov = find_sriov(resolving, rule);
	bool found = false;

	if (sriov) {
		say_again(resolving, rule, sriov);
		return;
	}
	if (can_be_said(&rule->selector, facts)) {
		say(resolving, rule, &rule->selector);
		return;
	}
	for_each_device(device, facts) {
		struct selector selector = selector_of(device);

		if (match_fit(&rule->selector, facts, device) != FIT_ALL)
			continue;
		say(resolving, rule, &selector);
		found = true;
	}
	if (!found)
		import_note(resolving->import, NOTE_UNCLEAR,
			    "%s: %s: matches no device of this host", rule->origin, rule->name);
}

/* --- All devices of a class, but some */

static bool is_in(const struct selectors *selectors, const struct pci_device *device)
{
	for (size_t i = 0; i < selectors->count; i++) {
		if (selector_fit(&selectors->items[i], device) == FIT_ALL)
			return true;
	}
	return false;
}

static void resolve_class(const struct resolving *resolving, const struct class_wish *wish)
{
	const struct selector of_class = { .has_class = true, .class = wish->class };
	const struct rule rule = {
		.kind = RULE_DEVICE,
		.name = wish->option,
		.origin = wish->origin,
		.options = { .driver = DRIVER_STUB, .stub = stub_find("xen-pciback") },
	};
	bool found = false;

	if (!wish->kept.count) {
		say(resolving, &rule, &of_class);
		return;
	}
	for_each_device(device, &resolving->host->facts) {
		struct selector selector = selector_of(device);

		if (!match_kind(&of_class, device))
			continue;
		found = true;
		if (!is_in(&wish->kept, device))
			say(resolving, &rule, &selector);
	}
	if (!found)
		import_note(resolving->import, NOTE_UNCLEAR,
			    "%s: %s: but some are kept, and this host has no such device",
			    wish->origin, wish->option);
}

/* --- Virtual functions */

static bool interface_is_meant(const struct import_interface *interface, const struct vf_wish *wish)
{
	if (wish->of == VFS_OF_INTERFACE)
		return strcmp(interface->name, wish->name) == 0;
	return wish->of == VFS_OF_MAC && strcasecmp(interface->mac, wish->name) == 0;
}

static bool has_interface(const struct import_host *host, const struct pci_device *device,
			  const struct vf_wish *wish)
{
	for (size_t i = 0; i < host->interface_count; i++) {
		const struct import_interface *interface = &host->interfaces[i];

		if (address_compare(&interface->address, &device->address) == 0 &&
		    interface_is_meant(interface, wish))
			return true;
	}
	return false;
}

static bool is_meant(const struct import_host *host, const struct pci_device *device,
		     const struct vf_wish *wish)
{
	if (wish->of == VFS_OF_SELECTED)
		return match_fit_physical(&wish->selector, device) == FIT_ALL;
	if (device->is_virtual || !device->vf_total)
		return false;
	if (wish->of == VFS_OF_DRIVER)
		return text_parameter_equal(device->driver, wish->name);
	return has_interface(host, device, wish);
}

static bool is_vf_of(const struct pci_device *device, const struct pci_device *physical)
{
	return device->is_virtual && address_compare(&device->physical, &physical->address) == 0;
}

/* A driver of the host's own has it, so that it is not passed through. */
static bool is_hosts(const struct pci_device *device)
{
	return device->driver[0] && !stub_of_driver(device->driver);
}

/*
 * Which of COUNT virtual functions of PHYSICAL are to be taken: not those that the host uses now.
 * An empty set when it has all of them.
 */
static struct vf_set set_of_free(const struct facts *facts, const struct pci_device *physical,
				 uint32_t count)
{
	_cleanup_free_ bool *is_used = memory_new(count, sizeof(*is_used));
	struct vf_set set = { 0 };
	uint32_t known = physical->vf_count < count ? physical->vf_count : count;

	for_each_device(device, facts) {
		if (is_vf_of(device, physical) && device->vf_number < count)
			is_used[device->vf_number] = is_hosts(device);
	}
	for (uint32_t n = 0; n < count; n++) {
		struct vf_range *last = set.count ? &set.ranges[set.count - 1] : NULL;

		if (is_used[n])
			continue;
		if (n >= known && known && !set.count)
			break; /* the others will be used like those */
		if (last && last->last + 1 == n) {
			last->last = n;
			continue;
		}
		set.ranges = memory_grow(set.ranges, set.count, sizeof(set.ranges[0]));
		set.ranges[set.count++] = (struct vf_range){ n, n };
	}
	return set;
}

/* The rules of SAID must not name the same functions: of two counts the first is said. */
static bool is_said_already(const struct resolving *resolving, const struct selector *selector,
			    const struct vf_wish *wish)
{
	for (size_t i = 0; i < resolving->said->rule_count; i++) {
		const struct rule *rule = &resolving->said->rules[i];

		if (rule->kind != RULE_SRIOV || !rule->selector.has_address ||
		    !selector->has_address ||
		    !address_pattern_matches(&rule->selector.address, &selector->address.address))
			continue;
		if (rule->vfs == wish->count)
			continue;
		import_note(resolving->import, NOTE_UNCLEAR,
			    "%s: %s = %u, but it is %u at %s: only one of them can be right",
			    wish->origin, wish->option, wish->count, rule->vfs, rule->origin);
		return true;
	}
	return false;
}

static void say_vfs(const struct resolving *resolving, const struct vf_wish *wish,
		    const struct selector *selector, struct vf_set set)
{
	const struct rule rule = {
		.kind = RULE_SRIOV,
		.name = wish->option,
		.origin = wish->origin,
		.options = { .driver = DRIVER_AUTO, .stub = stub_find("vfio-pci") },
	};
	struct rule *said;

	if (is_said_already(resolving, selector, wish)) {
		vf_set_free(&set);
		return;
	}
	said = say(resolving, &rule, selector);
	said->vfs = wish->count;
	said->selector.vf = set;
}

static void resolve_vfs_of(const struct resolving *resolving, const struct vf_wish *wish,
			   const struct pci_device *device)
{
	const struct facts *facts = &resolving->host->facts;
	struct selector selector = selector_of(device);
	struct vf_set set = set_of_free(facts, device, wish->count);
	char name[ADDRESS_SIZE];

	resolving->has_known_vfs[device - facts->devices] = true;
	if (set.count)
		say_vfs(resolving, wish, &selector, set);
	else
		import_note(resolving->import, NOTE_KEEP,
			    "%s: %s: the host itself uses all virtual functions of %s",
			    wish->origin, wish->option, address_format(&device->address, name));
}

static void resolve_vfs(const struct resolving *resolving, const struct vf_wish *wish)
{
	static const char *const kinds[] = {
		[VFS_OF_SELECTED] = "such an id or address",
		[VFS_OF_INTERFACE] = "the interface ",
		[VFS_OF_MAC] = "an interface with the address ",
		[VFS_OF_DRIVER] = "virtual functions, and the driver ",
	};
	bool found = false;

	for_each_device(device, &resolving->host->facts) {
		if (!is_meant(resolving->host, device, wish))
			continue;
		resolve_vfs_of(resolving, wish, device);
		found = true;
	}
	if (found)
		return;
	if (wish->of == VFS_OF_SELECTED && can_be_said(&wish->selector, &resolving->host->facts))
		say_vfs(resolving, wish, &wish->selector, vf_set_of_all(wish->count));
	else
		import_note(resolving->import, NOTE_UNCLEAR,
			    "%s: %s = %u: no device of this host has %s%s", wish->origin,
			    wish->option, wish->count, kinds[wish->of],
			    wish->name ? wish->name : "");
}

/* --- Rules that no configuration can have beside each other */

static void on_overlap(const struct rule *sriov, const struct rule *other, void *context)
{
	struct resolving *resolving = context;
	bool drops_other = other->kind == RULE_SRIOV;
	struct rule *dropped = (struct rule *)(drops_other ? other : sriov);

	if (!dropped->vfs || (drops_other && other->vfs == sriov->vfs))
		return;
	import_note(resolving->import, NOTE_UNCLEAR,
		    "%s: %s = %u: the same functions are meant at %s", dropped->origin,
		    dropped->name, dropped->vfs, drops_other ? sriov->origin : other->origin);
	dropped->vfs = 0;
}

/* An [sriov] rule without `vfs` is none. */
static bool is_without_vfs(struct rule *rule, void *context)
{
	(void)context;
	if (rule->kind != RULE_SRIOV || rule->vfs)
		return false;
	rule_free(rule);
	return true;
}

static void drop_overlaps(struct resolving *resolving)
{
	struct intent *said = resolving->said;

	overlaps_find(said->rules, said->rule_count, on_overlap, resolving);
	intent_drop_rules(said, is_without_vfs, NULL);
}

/* --- What is there, and nothing has asked for */

static bool is_asked_for(const struct resolving *resolving, const struct pci_device *device)
{
	const struct facts *facts = &resolving->host->facts;
	const struct intent *intent = &resolving->import->intent, *said = resolving->said;

	for (size_t i = 0; i < intent->rule_count; i++) {
		if (match_fit(&intent->rules[i].selector, facts, device) == FIT_ALL)
			return true;
	}
	for (size_t i = 0; i < said->rule_count; i++) {
		if (match_fit(&said->rules[i].selector, facts, device) == FIT_ALL)
			return true;
	}
	return false;
}

static void tell_unexplained(const struct resolving *resolving, size_t index)
{
	const struct pci_device *device = &resolving->host->facts.devices[index];
	const struct import_device *now = &resolving->host->devices[index];
	char name[ADDRESS_SIZE];

	address_format(&device->address, name);
	if (now->stub[0] && !is_asked_for(resolving, device))
		import_note(
			resolving->import, NOTE_UNCLEAR,
			"%s [%04x:%04x] is bound to %s, and nothing that was read asks for that",
			name, device->vendor, device->device, now->stub);
	if (now->has_vfs && !resolving->has_known_vfs[index])
		import_note(
			resolving->import, NOTE_UNCLEAR,
			"%s [%04x:%04x] has %u virtual functions (sriov_numvfs), and nothing that was read asks for them",
			name, device->vendor, device->device, device->vf_count);
}

void import_resolve(struct import *import, const struct import_host *host, struct intent *said)
{
	_cleanup_free_ bool *has_known_vfs = memory_new(host->facts.device_count, sizeof(bool));
	struct resolving resolving = { import, host, said, has_known_vfs };

	import_finish(import);
	/* They come first: a rule by class must not take the physical function as well. */
	for (size_t i = 0; i < import->vf_wish_count; i++)
		resolve_vfs(&resolving, &import->vf_wishes[i]);
	for (size_t i = 0; i < import->intent.rule_count; i++)
		resolve_rule(&resolving, &import->intent.rules[i]);
	for (size_t i = 0; i < import->class_wish_count; i++)
		resolve_class(&resolving, &import->class_wishes[i]);
	drop_overlaps(&resolving);
	for (size_t i = 0; host->devices && i < host->facts.device_count; i++)
		tell_unexplained(&resolving, i);
}

void import_host_free(struct import_host *host)
{
	for (size_t i = 0; i < host->interface_count; i++) {
		free(host->interfaces[i].name);
		free(host->interfaces[i].mac);
	}
	free(host->interfaces);
	free(host->devices);
	facts_free(&host->facts);
	*host = (struct import_host){ 0 };
}
