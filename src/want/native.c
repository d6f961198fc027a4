/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/native.h"

#include <stdlib.h>
#include <string.h>

#include "util/address.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"
#include "want/hide.h"
#include "want/near.h"

#define IDS_MAX  1023 /* linux/kernel/params.c param_set_copystring, of char ids[1024] */
#define HIDE_MAX 1024 /* linux/kernel/params.c param_set_charp */

struct native_given {
	const struct native_option *option;
	char *value, *origin;
};

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
	size_t length_max; /* longer values keep the module from loading */
};

/* ENTRY is the part of the value that asks for it, of LENGTH bytes. */
static struct rule *add_rule(const struct native *native, const char *entry, size_t length)
{
	struct rule *rule =
		intent_add_rule(native->intent, RULE_DEVICE, native->option->name, native->origin);

	rule->options.driver = DRIVER_STUB;
	rule->options.stub = stub_find(native->option->stub);
	rule->entry = memory_copy(entry, length);
	return rule;
}

/* What may have been meant by an entry that the driver cannot read. */
static const char *hint_of(const char *entry)
{
	struct address_pattern address;

	if (near_has_typographic_quote(entry))
		return "; a typographic quotation mark is none for the kernel: write \"";
	if (address_pattern_parse(entry, &address) == 0)
		return "; an address is for passthru.device=";
	return "";
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
			"%s: %s: '%s' is skipped: expected vendor:device[:subvendor[:subdevice[:class[:class_mask]]]] in hexadecimal%s",
			native->origin, native->option->name, entry, hint_of(entry));
		return;
	}
	add_rule(native, entry, strlen(entry))->selector = selector;
	if (*ignored)
		findings_add(&native->intent->findings, FINDING_BAD_OPTION,
			     "%s: %s: of '%s' the end '%s' is ignored, as the driver does%s",
			     native->origin, native->option->name, entry, ignored, hint_of(entry));
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
			add_rule(native, group, length)->selector = selector;
		else
			findings_add(
				&native->intent->findings, FINDING_BAD_OPTION,
				"%s: %s: '%.*s' at character %zu is skipped: expected ([domain:]bus:slot.function) in hexadecimal, such as (03:02.0)",
				native->origin, native->option->name, (int)length, group,
				(size_t)(group - value) + 1);
	}
}

static const struct native_option options[] = {
	{ "vfio-pci.ids", "vfio-pci", parse_ids, IDS_MAX },
	{ "pci-stub.ids", "pci-stub", parse_ids, IDS_MAX },
	{ "xen-pciback.hide", "xen-pciback", parse_hide, HIDE_MAX },
	{ "pciback.hide", "xen-pciback", parse_hide, HIDE_MAX }, /* where it is built in */
};

/* The option that NAME is, or NULL. */
static const struct native_option *find_option(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (text_parameter_equal(name, options[i].name))
			return &options[i];
	}
	return NULL;
}

/* PARAMETER's name as on a command line. The caller frees it. */
static char *full_name(const struct native_place *place, const struct parameter *parameter)
{
	if (place->module && *place->module)
		return memory_printf("%s.%s", place->module, parameter->name);
	return memory_dup(parameter->name);
}

/* The option NAME as it has to be written at PLACE. The caller frees it. */
static char *as_written(const struct native_place *place, const char *name)
{
	const char *dot = strchr(name, '.');

	if (!place->module || !dot)
		return memory_printf("%s=", name);
	return memory_printf("options %.*s %s=", (int)(dot - name), name, dot + 1);
}

static void tell_near(struct natives *natives, const struct native_place *place,
		      const struct parameter *parameter, const char *option)
{
	_cleanup_free_ char *right = as_written(place, option);
	const char *module = place->module;

	findings_add(
		&natives->findings, FINDING_BAD_OPTION,
		"%s: '%s%s%s%s' has no effect: no stub driver has this option; did you mean '%s'?",
		place->origin, module ? "options " : "", module ? module : "",
		module && *module ? " " : "", parameter->name, right);
}

/* A word without '=': an entry that stands apart, or an option with another sign for it. */
static void tell_misspelt_word(struct natives *natives, const struct native_place *place,
			       const struct parameter *parameter)
{
	_cleanup_free_ char *whole = full_name(place, parameter), *name = NULL;
	size_t length = strlen(whole);
	const char *value = near_value(whole, &length), *option;

	if (near_is_list(parameter->name)) {
		if (!place->module || near_names_driver(place->module))
			findings_add(
				&natives->findings, FINDING_BAD_OPTION,
				"%s: '%s' stands apart and has no effect: write a list without spaces",
				place->origin, parameter->name);
		return;
	}
	name = memory_copy(whole, length);
	option = near_option(name, value);
	if (option)
		tell_near(natives, place, parameter, option);
}

void native_tell_misspelt(struct natives *natives, const struct native_place *place,
			  const struct parameter *parameter)
{
	_cleanup_free_ char *name = NULL;
	const char *option;

	if (!parameter->value) {
		tell_misspelt_word(natives, place, parameter);
		return;
	}
	name = full_name(place, parameter);
	option = near_option(name, parameter->value);
	if (option)
		tell_near(natives, place, parameter, option);
}

void native_add(struct natives *natives, const struct native_place *place,
		const struct parameter *parameter)
{
	_cleanup_free_ char *name = full_name(place, parameter);
	const struct native_option *option = find_option(name);
	struct native_given *given;

	if (!option) {
		native_tell_misspelt(natives, place, parameter);
		return;
	}
	if (!parameter->value) {
		findings_add(&natives->findings, FINDING_BAD_OPTION,
			     "%s: %s has no value: with that the module of %s does not load",
			     place->origin, option->name, option->stub);
		return;
	}
	natives->given = memory_grow(natives->given, natives->count, sizeof(*given));
	given = &natives->given[natives->count++];
	given->option = option;
	given->value = memory_dup(parameter->value);
	given->origin = memory_dup(place->origin);
}

void natives_move(struct natives *natives, struct natives *source)
{
	for (size_t i = 0; i < source->count; i++) {
		natives->given =
			memory_grow(natives->given, natives->count, sizeof(natives->given[0]));
		natives->given[natives->count++] = source->given[i];
	}
	source->count = 0;
	findings_move(&natives->findings, &source->findings);
	natives_free(source);
}

bool natives_have(const struct natives *natives, const struct stub *stub)
{
	for (size_t i = 0; i < natives->count; i++) {
		if (*natives->given[i].value && streq(natives->given[i].option->stub, stub->name))
			return true;
	}
	return false;
}

/* Of each option the one that its driver gets. */
struct last {
	const struct native_given *of[ARRAY_SIZE(options)];
};

static struct last find_last(const struct natives *natives)
{
	struct last last = { 0 };

	for (size_t i = 0; i < natives->count; i++)
		last.of[natives->given[i].option - options] = &natives->given[i];
	return last;
}

char *natives_text(const struct natives *natives)
{
	struct last last = find_last(natives);
	struct buffer text = { 0 };

	buffer_add(&text, "");
	for (size_t i = 0; i < natives->count; i++) {
		const struct native_given *given = &natives->given[i];

		if (*given->value && given == last.of[given->option - options])
			buffer_printf(&text, "%s=%s\n", given->option->name, given->value);
	}
	return text.text;
}

static void tell_overridden(struct intent *intent, const struct native_given *given,
			    const struct native_given *last)
{
	if (*given->value && !streq(given->value, last->value))
		findings_add(
			&intent->findings, FINDING_OPTION_OVERRIDDEN,
			"%s: %s=%s has no effect: the driver reads only the last one, which is from %s",
			given->origin, given->option->name, given->value, last->origin);
}

static void finish(struct intent *intent, const struct native_given *given)
{
	struct native native = { intent, given->option, given->origin };

	if (strlen(given->value) > given->option->length_max)
		findings_add(
			&intent->findings, FINDING_BAD_OPTION,
			"%s: %s has over %zu characters: with that the module of %s does not load",
			given->origin, given->option->name, given->option->length_max,
			given->option->stub);
	given->option->parse(&native, given->value);
}

void natives_finish(struct natives *natives, struct intent *intent)
{
	struct last last_ones = find_last(natives);

	findings_move(&intent->findings, &natives->findings);
	for (size_t i = 0; i < natives->count; i++) {
		const struct native_given *given = &natives->given[i];
		const struct native_given *last = last_ones.of[given->option - options];

		if (given == last)
			finish(intent, given);
		else
			tell_overridden(intent, given, last);
	}
	natives_free(natives);
}

void natives_free(struct natives *natives)
{
	for (size_t i = 0; i < natives->count; i++) {
		free(natives->given[i].value);
		free(natives->given[i].origin);
	}
	free(natives->given);
	findings_free(&natives->findings);
	*natives = (struct natives){ 0 };
}
