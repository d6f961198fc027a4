/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/cmdline.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"
#include "want/native.h"

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

static void parse_parameter(struct intent *intent, const struct parameter *parameter)
{
	const char *value = parameter->value ? parameter->value : "";
	const char *key;

	if (strcmp(parameter->name, "passthru") == 0 || strcmp(parameter->name, "rd.passthru") == 0)
		parse_switch(intent, parameter);
	else if (!text_parameter_starts(parameter->name, "passthru.", &key))
		native_parse(intent, parameter, RULE_ORIGIN);
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
