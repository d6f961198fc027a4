/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/cmdline.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"
#include "want/hide.h"

#define ORIGIN      "command line"
#define RULE_ORIGIN "the kernel " ORIGIN

/* Keys hold no underscore, so that on_failure is on-failure here as everywhere. */
static void use_dashes(char *key)
{
	for (char *c = key; (c = strchr(c, '_'));)
		*c = '-';
}

/* The rule that an option is building up, and the option's text for messages. */
struct device_option {
	struct intent *intent;
	struct rule *rule;
	const char *text;
	bool is_first;
};

static void bad_device_word(struct device_option *option, const char *word, const char *why)
{
	findings_add(&option->intent->findings, FINDING_CONFIG_ERROR,
		     ORIGIN ": passthru.device=%s: %s: %s", option->text, word, why);
}

static void on_device_word(char *word, void *context)
{
	struct device_option *option = context;
	char *equals = strchr(word, '=');
	const char *key = word, *value = word, *expected = NULL;
	bool is_first = option->is_first;
	int r;

	option->is_first = false;
	if (!equals && !is_first) {
		bad_device_word(option, word, "expected KEY=VALUE");
		return;
	}
	if (equals) {
		*equals = '\0';
		value = equals + 1;
		use_dashes(word);
	} else {
		key = strchr(word, '.') ? "address" : "id";
	}
	r = rule_set(option->rule, key, value, &expected);
	if (r == -ENOENT)
		bad_device_word(option, key, "unknown key");
	else if (r == -EEXIST)
		bad_device_word(option, key, "given twice");
	else if (r < 0)
		findings_add(&option->intent->findings, FINDING_CONFIG_ERROR,
			     ORIGIN ": passthru.device=%s: %s=%s: expected %s", option->text, key,
			     value, expected);
}

static void parse_device(struct intent *intent, const char *value)
{
	_cleanup_free_ char *name = memory_printf("cmdline%u", ++intent->device_options);
	struct device_option option = {
		.intent = intent,
		.rule = intent_add_rule(intent, name, RULE_ORIGIN),
		.text = value,
		.is_first = true,
	};

	text_each_item(value, on_device_word, &option);
	if (selector_is_empty(&option.rule->selector))
		findings_add(
			&intent->findings, FINDING_CONFIG_ERROR,
			ORIGIN
			": passthru.device=%s selects nothing: give it an address, path, id or class",
			value);
}

static void on_skip(char *name, void *context)
{
	struct intent *intent = context;

	if (!*name)
		return;
	intent->skip = memory_grow(intent->skip, intent->skip_count, sizeof(intent->skip[0]));
	intent->skip[intent->skip_count++] = memory_copy(name, strlen(name));
}

static void parse_option(struct intent *intent, const char *key, const char *value)
{
	_cleanup_free_ char *dashed = memory_copy(key, strlen(key));
	const char *expected = NULL;
	int r;

	use_dashes(dashed);
	r = settings_set(&intent->options, dashed, value, &expected);
	if (r == -ENOENT)
		findings_add(&intent->findings, FINDING_CONFIG_ERROR,
			     ORIGIN ": unknown option passthru.%s", key);
	else if (r == -EEXIST)
		findings_add(&intent->findings, FINDING_CONFIG_ERROR,
			     ORIGIN ": passthru.%s is given twice", key);
	else if (r < 0)
		findings_add(&intent->findings, FINDING_CONFIG_ERROR,
			     ORIGIN ": passthru.%s=%s: expected %s", key, value, expected);
}

/*
 * Who reaches for the switch is in trouble: whatever is not clearly "on" is "off".
 * The words are those of dracut and of the kernel's own switches.
 */
static void parse_switch(struct intent *intent, const struct parameter *parameter)
{
	static const char *const on[] = { "1", "y", "yes", "on", "true" };
	static const char *const off[] = { "0", "n", "no", "off", "false" };
	const char *value = parameter->value ? parameter->value : "on";

	for (size_t i = 0; i < ARRAY_SIZE(on); i++) {
		if (strcmp(value, on[i]) == 0)
			return;
	}
	intent->off = true;
	for (size_t i = 0; i < ARRAY_SIZE(off); i++) {
		if (strcmp(value, off[i]) == 0)
			return;
	}
	findings_add(&intent->findings, FINDING_BAD_OPTION,
		     ORIGIN ": %s=%s is neither on nor off: taken as off", parameter->name, value);
}

/* A stub driver's own option, its parser, and the driver that its devices are for. */
struct native_option {
	const char *name;
	const char *stub;
	void (*parse)(struct intent *intent, const struct native_option *option, const char *value);
};

static struct rule *add_native_rule(struct intent *intent, const struct native_option *option)
{
	struct rule *rule = intent_add_rule(intent, option->name, RULE_ORIGIN);

	rule->options.driver = DRIVER_STUB;
	rule->options.stub = stub_find(option->stub);
	return rule;
}

struct ids {
	struct intent *intent;
	const struct native_option *option;
};

static void on_id(char *entry, void *context)
{
	struct ids *ids = context;
	struct selector selector = { 0 };
	const char *ignored;

	if (!*entry) /* as the drivers do */
		return;
	if (native_id_parse(entry, &selector, &ignored) < 0) {
		findings_add(
			&ids->intent->findings, FINDING_BAD_OPTION,
			ORIGIN
			": %s: '%s' is skipped: expected vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal",
			ids->option->name, entry);
		return;
	}
	add_native_rule(ids->intent, ids->option)->selector = selector;
	if (*ignored)
		findings_add(&ids->intent->findings, FINDING_BAD_OPTION,
			     ORIGIN ": %s: of '%s' the end '%s' is ignored, as the driver does",
			     ids->option->name, entry, ignored);
}

static void parse_ids(struct intent *intent, const struct native_option *option, const char *value)
{
	struct ids ids = { intent, option };

	text_each_item(value, on_id, &ids);
}

/* One bad group costs that group, not the whole list as in the kernel. */
static void parse_hide(struct intent *intent, const struct native_option *option, const char *value)
{
	size_t length;

	for (const char *group = value; *group; group += length) {
		struct selector selector = { .has_address = true, .means_below_bridges = true };

		if (hide_group_parse(group, &selector.address, &length) == 0)
			add_native_rule(intent, option)->selector = selector;
		else
			findings_add(
				&intent->findings, FINDING_BAD_OPTION,
				ORIGIN
				": %s: '%.*s' at character %zu is skipped: expected ([domain:]bus:slot.function) in hexadecimal, such as (03:02.0)",
				option->name, (int)length, group, (size_t)(group - value) + 1);
	}
}

static const struct native_option native_options[] = {
	{ "vfio-pci.ids", "vfio-pci", parse_ids },
	{ "pci-stub.ids", "pci-stub", parse_ids },
	{ "xen-pciback.hide", "xen-pciback", parse_hide },
	{ "pciback.hide", "xen-pciback", parse_hide }, /* where it is built in */
};

static void parse_native(struct intent *intent, const struct parameter *parameter)
{
	for (size_t i = 0; i < ARRAY_SIZE(native_options); i++) {
		const struct native_option *option = &native_options[i];

		if (parameter->value && text_parameter_equal(parameter->name, option->name))
			option->parse(intent, option, parameter->value);
	}
}

static void parse_parameter(struct intent *intent, const struct parameter *parameter)
{
	const char *value = parameter->value ? parameter->value : "";
	const char *key;

	if (strcmp(parameter->name, "passthru") == 0 || strcmp(parameter->name, "rd.passthru") == 0)
		parse_switch(intent, parameter);
	else if (!text_parameter_starts(parameter->name, "passthru.", &key))
		parse_native(intent, parameter);
	else if (strcmp(key, "device") == 0)
		parse_device(intent, value);
	else if (strcmp(key, "skip") == 0)
		text_each_item(value, on_skip, intent);
	else
		parse_option(intent, key, value);
}

void cmdline_parse(struct intent *intent, const char *text)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct parameter parameter;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter)))
		parse_parameter(intent, &parameter);
}
