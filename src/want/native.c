/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/native.h"

#include "util/cleanup.h"
#include "util/text.h"
#include "want/hide.h"

/* One option that is being read. */
struct native {
	struct intent *intent;
	const struct native_option *option;
	const char *origin;
};

/* A stub driver's own option, its parser, and the driver that its devices are for. */
struct native_option {
	const char *name;
	const char *stub;
	void (*parse)(struct native *native, const char *value);
};

static struct rule *add_rule(const struct native *native)
{
	struct rule *rule =
		intent_add_rule(native->intent, RULE_DEVICE, native->option->name, native->origin);

	rule->options.driver = DRIVER_STUB;
	rule->options.stub = stub_find(native->option->stub);
	return rule;
}

static void on_id(char *entry, void *context)
{
	struct native *native = context;
	struct selector selector = { 0 };
	const char *ignored;

	if (!*entry) /* as the drivers do */
		return;
	if (native_id_parse(entry, &selector, &ignored) < 0) {
		findings_add(
			&native->intent->findings, FINDING_BAD_OPTION,
			"%s: %s: '%s' is skipped: expected vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal",
			native->origin, native->option->name, entry);
		return;
	}
	add_rule(native)->selector = selector;
	if (*ignored)
		findings_add(&native->intent->findings, FINDING_BAD_OPTION,
			     "%s: %s: of '%s' the end '%s' is ignored, as the driver does",
			     native->origin, native->option->name, entry, ignored);
}

static void parse_ids(struct native *native, const char *value)
{
	text_each_item(value, on_id, native);
}

/* One bad group costs that group, not the whole list as in the kernel. */
static void parse_hide(struct native *native, const char *value)
{
	size_t length;

	for (const char *group = value; *group; group += length) {
		struct selector selector = { .has_address = true, .means_below_bridges = true };

		if (hide_group_parse(group, &selector.address, &length) == 0)
			add_rule(native)->selector = selector;
		else
			findings_add(
				&native->intent->findings, FINDING_BAD_OPTION,
				"%s: %s: '%.*s' at character %zu is skipped: expected ([domain:]bus:slot.function) in hexadecimal, such as (03:02.0)",
				native->origin, native->option->name, (int)length, group,
				(size_t)(group - value) + 1);
	}
}

static const struct native_option options[] = {
	{ "vfio-pci.ids", "vfio-pci", parse_ids },
	{ "pci-stub.ids", "pci-stub", parse_ids },
	{ "xen-pciback.hide", "xen-pciback", parse_hide },
	{ "pciback.hide", "xen-pciback", parse_hide }, /* where it is built in */
};

void native_parse(struct intent *intent, const struct parameter *parameter, const char *origin)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		struct native native = { intent, &options[i], origin };

		if (parameter->value && text_parameter_equal(parameter->name, options[i].name))
			options[i].parse(&native, parameter->value);
	}
}
