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

#define IDS_MAX  1023 /* of ids: linux/kernel/params.c param_set_copystring, of char ids[1024] */
#define HIDE_MAX 1024 /* of slots: linux/kernel/params.c param_set_charp */

/* A stub driver's own option, by one of the names of its module. */
struct native_option {
	const struct stub *stub;
	size_t number; /* of all such options */
};

struct native_given {
	struct native_option option;
	char *name; /* "xen-pciback.hide" */
	char *value, *origin;
};

/* One option that is being read. */
struct native {
	struct intent *intent;
	const struct stub *stub;
	const char *name, *origin;
};

/* ENTRY is the part of the value that asks for it, of LENGTH bytes. */
static struct rule *add_rule(const struct native *native, const char *entry, size_t length)
{
	struct rule *rule =
		intent_add_rule(native->intent, RULE_DEVICE, native->name, native->origin);

	rule->options.driver = DRIVER_STUB;
	rule->options.stub = native->stub;
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
			native->origin, native->name, entry, hint_of(entry));
		return;
	}
	add_rule(native, entry, strlen(entry))->selector = selector;
	if (*ignored)
		findings_add(&native->intent->findings, FINDING_BAD_OPTION,
			     "%s: %s: of '%s' the end '%s' is ignored, as the driver does%s",
			     native->origin, native->name, entry, ignored, hint_of(entry));
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
				native->origin, native->name, (int)length, group,
				(size_t)(group - value) + 1);
	}
}

/* NAME is STUB's own option of a module that is called MODULE. */
static bool is_option(const char *name, const struct stub *stub, const char *module)
{
	const char *rest;

	return text_parameter_starts(name, module, &rest) && *rest == '.' &&
	       text_parameter_equal(rest + 1, stub->native_option);
}

/* Find the option that NAME is, and as what it is known. NULL for another. */
static const char *find_option(const char *name, struct native_option *ret)
{
	const struct stub *stub;
	const char *module;

	*ret = (struct native_option){ 0 };
	for (size_t s = 0; (stub = stub_at(s)); s++) {
		for (size_t m = 0; (module = stub_module_name(stub, m)); m++, ret->number++) {
			ret->stub = stub;
			if (is_option(name, stub, module))
				return module;
		}
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

static void tell_near(struct natives *natives, const struct native_place *place,
		      const struct parameter *parameter, const struct stub *stub)
{
	const char *module = place->module;

	findings_add(
		&natives->findings, FINDING_BAD_OPTION,
		"%s: '%s%s%s%s' has no effect: no stub driver has this option; did you mean '%s%s%s%s='?",
		place->origin, module ? "options " : "", module ? module : "",
		module && *module ? " " : "", parameter->name, module ? "options " : "",
		stub->module, module ? " " : ".", stub->native_option);
}

/* A word without '=': an entry that stands apart, or an option with another sign for it. */
static void tell_misspelt_word(struct natives *natives, const struct native_place *place,
			       const struct parameter *parameter)
{
	_cleanup_free_ char *whole = full_name(place, parameter), *name = NULL;
	size_t length = strlen(whole);
	const char *value = near_value(whole, &length);
	const struct stub *stub;

	if (near_is_list(parameter->name)) {
		if (!place->module || near_names_driver(place->module))
			findings_add(
				&natives->findings, FINDING_BAD_OPTION,
				"%s: '%s' stands apart and has no effect: write a list without spaces",
				place->origin, parameter->name);
		return;
	}
	name = memory_copy(whole, length);
	stub = near_stub(name, value);
	if (stub)
		tell_near(natives, place, parameter, stub);
}

void native_tell_misspelt(struct natives *natives, const struct native_place *place,
			  const struct parameter *parameter)
{
	_cleanup_free_ char *name = NULL;
	const struct stub *stub;

	if (!parameter->value) {
		tell_misspelt_word(natives, place, parameter);
		return;
	}
	name = full_name(place, parameter);
	stub = near_stub(name, parameter->value);
	if (stub)
		tell_near(natives, place, parameter, stub);
}

void native_add(struct natives *natives, const struct native_place *place,
		const struct parameter *parameter)
{
	_cleanup_free_ char *name = full_name(place, parameter);
	struct native_option option;
	const char *module = find_option(name, &option);
	struct native_given *given;

	if (!module) {
		native_tell_misspelt(natives, place, parameter);
		return;
	}
	if (!parameter->value) {
		findings_add(&natives->findings, FINDING_BAD_OPTION,
			     "%s: %s.%s has no value: with that the module of %s does not load",
			     place->origin, module, option.stub->native_option, option.stub->name);
		return;
	}
	natives->given = memory_grow(natives->given, natives->count, sizeof(*given));
	given = &natives->given[natives->count++];
	given->option = option;
	given->name = memory_printf("%s.%s", module, option.stub->native_option);
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
		if (*natives->given[i].value && natives->given[i].option.stub == stub)
			return true;
	}
	return false;
}

/* Of each option the one that its driver gets. The caller frees the array. */
static const struct native_given **find_last(const struct natives *natives)
{
	const struct native_given **last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < natives->count; i++) {
		while (count <= natives->given[i].option.number)
			last = memory_grow(last, count++, sizeof(struct native_given *));
		last[natives->given[i].option.number] = &natives->given[i];
	}
	return last;
}

char *natives_text(const struct natives *natives)
{
	_cleanup_free_ const struct native_given **last = find_last(natives);
	struct buffer text = { 0 };

	buffer_add(&text, "");
	for (size_t i = 0; i < natives->count; i++) {
		const struct native_given *given = &natives->given[i];

		if (*given->value && given == last[given->option.number])
			buffer_printf(&text, "%s=%s\n", given->name, given->value);
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
			given->origin, given->name, given->value, last->origin);
}

static void finish(struct intent *intent, const struct native_given *given)
{
	const struct stub *stub = given->option.stub;
	struct native native = { intent, stub, given->name, given->origin };
	size_t length_max = stub->lists_slots ? HIDE_MAX : IDS_MAX;

	if (strlen(given->value) > length_max)
		findings_add(
			&intent->findings, FINDING_BAD_OPTION,
			"%s: %s has over %zu characters: with that the module of %s does not load",
			given->origin, given->name, length_max, stub->name);
	if (stub->lists_slots)
		parse_hide(&native, given->value);
	else
		parse_ids(&native, given->value);
}

void natives_finish(struct natives *natives, struct intent *intent)
{
	_cleanup_free_ const struct native_given **last_ones = find_last(natives);

	findings_move(&intent->findings, &natives->findings);
	for (size_t i = 0; i < natives->count; i++) {
		const struct native_given *given = &natives->given[i];
		const struct native_given *last = last_ones[given->option.number];

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
		free(natives->given[i].name);
		free(natives->given[i].value);
		free(natives->given[i].origin);
	}
	free(natives->given);
	findings_free(&natives->findings);
	*natives = (struct natives){ 0 };
}
