/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/cmdline.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"
#include "want/keys.h"

#define ORIGIN      "kernel command line"
#define RULE_ORIGIN "the " ORIGIN

/* Keys hold no underscore, so that on_failure is on-failure here as everywhere. */
static void use_dashes(char *key)
{
	for (char *c = key; (c = strchr(c, '_'));)
		*c = '-';
}

/* The rule that an option is building up, and the option's text for messages. */
struct rule_option {
	struct intent *intent;
	struct rule *rule;
	const char *text;
	bool is_first;
};

static void bad_option(struct rule_option *option, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void bad_option(struct rule_option *option, const char *format, ...)
{
	_cleanup_free_ char *why = NULL;
	va_list arguments;

	va_start(arguments, format);
	why = memory_vprintf(format, arguments);
	va_end(arguments);
	findings_add(&option->intent->findings, FINDING_CONFIG_ERROR, ORIGIN ": passthru.%s=%s%s",
		     rule_kind_word(option->rule->kind), option->text, why);
}

static void set_key(struct rule_option *option, const char *key, const char *value)
{
	_cleanup_free_ char *expected = NULL;
	int r = rule_set(option->rule, key, value, &expected);

	if (r == -ENOENT)
		bad_option(option, ": %s: unknown key%s", key, expected);
	else if (r == -EEXIST)
		bad_option(option, ": %s: given twice", key);
	else if (r < 0)
		bad_option(option, ": %s=%s: expected %s", key, value, expected);
	else if (streq(key, "owner") &&
		 !owner_is_numeric(option->rule->settings.values[SETTING_OWNER]))
		bad_option(option, ": %s=%s: expected numbers, since there are no names at boot",
			   key, value);
}

static void on_rule_word(char *word, void *context)
{
	struct rule_option *option = context;
	char *equals = strchr(word, '=');
	const char *key = word, *value = word;
	bool is_first = option->is_first;

	option->is_first = false;
	if (!equals && !is_first) {
		bad_option(option, ": %s: expected KEY=VALUE", word);
		return;
	}
	if (equals) {
		*equals = '\0';
		value = equals + 1;
		use_dashes(word);
	} else {
		key = strchr(word, '.') ? "address" : "id";
	}
	set_key(option, key, value);
}

static void parse_rule(struct intent *intent, enum rule_kind kind, const char *value)
{
	_cleanup_free_ char *name = memory_printf("cmdline%u", ++intent->rule_options);
	_cleanup_free_ char *fault = NULL;
	struct rule_option option = {
		.intent = intent,
		.rule = intent_add_rule(intent, kind, name, RULE_ORIGIN),
		.text = value,
		.is_first = true,
	};

	text_each_item(value, on_rule_word, &option);
	fault = rule_complete(option.rule);
	if (fault)
		bad_option(&option, " %s", fault);
}

static void on_skip(char *name, void *context)
{
	struct intent *intent = context;

	if (!*name)
		return;
	intent->skip = memory_grow(intent->skip, intent->skip_count, sizeof(intent->skip[0]));
	intent->skip[intent->skip_count++] = memory_dup(name);
}

static void parse_option(struct intent *intent, const char *key, const char *value)
{
	_cleanup_free_ char *dashed = memory_dup(key);
	_cleanup_free_ char *expected = NULL;
	int r;

	use_dashes(dashed);
	r = settings_set(&intent->options, dashed, value, &expected);
	if (r == -ENOENT)
		findings_add(&intent->findings, FINDING_CONFIG_ERROR,
			     ORIGIN ": unknown option passthru.%s%s", key, expected);
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

	if (text_is_one_of(value, on, ARRAY_SIZE(on)))
		return;
	intent->off = true;
	if (!text_is_one_of(value, off, ARRAY_SIZE(off)))
		findings_add(&intent->findings, FINDING_BAD_OPTION,
			     ORIGIN ": %s=%s is neither on nor off: taken as off", parameter->name,
			     value);
}

static void parse_parameter(struct intent *intent, struct natives *natives,
			    const struct parameter *parameter)
{
	static const struct native_place place = { RULE_ORIGIN, NULL };
	const char *value = parameter->value ? parameter->value : "";
	const char *key;

	if (streq(parameter->name, "passthru") || streq(parameter->name, "rd.passthru"))
		parse_switch(intent, parameter);
	else if (!text_parameter_starts(parameter->name, "passthru.", &key))
		native_add(natives, &place, parameter);
	else if (streq(key, "device"))
		parse_rule(intent, RULE_DEVICE, value);
	else if (streq(key, "sriov"))
		parse_rule(intent, RULE_SRIOV, value);
	else if (streq(key, "skip"))
		text_each_item(value, on_skip, intent);
	else if (!streq(key, "trial")) /* GRUB's word, see trial/store.h */
		parse_option(intent, key, value);
}

void cmdline_parse(struct intent *intent, struct natives *natives, const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct parameter parameter;
	char *rest = copy;

	while ((rest = parameter_next(rest, &parameter)))
		parse_parameter(intent, natives, &parameter);
}
