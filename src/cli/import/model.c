/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/model.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define BETWEEN_WORDS " \t\n,;:.()\"'=/"

void import_note(struct import *import, enum note_kind kind, const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	va_list arguments;

	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	import->notes = memory_grow(import->notes, import->note_count, sizeof(import->notes[0]));
	import->notes[import->note_count++] =
		(struct note){ .kind = kind, .text = text_escape(text) };
}

bool import_is_understood(const struct import *import)
{
	for (size_t i = 0; i < import->note_count; i++) {
		if (import->notes[i].kind == NOTE_UNCLEAR)
			return false;
	}
	return true;
}

struct rule *import_add_address(struct import *import, const char *name, const char *origin,
				const struct address_pattern *address, const struct stub *stub)
{
	struct rule *rule = intent_add_rule(&import->intent, RULE_DEVICE, name, origin);

	rule->selector.has_address = true;
	rule->selector.address = *address;
	rule->options.driver = DRIVER_STUB;
	rule->options.stub = stub;
	return rule;
}

bool import_is_stub_module(const char *word)
{
	return stub_of_module(word);
}

bool import_names_stub_module(const char *text)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	char *rest = copy;

	for (char *word; (word = strsep(&rest, BETWEEN_WORDS));) {
		if (import_is_stub_module(word))
			return true;
	}
	return false;
}

/* Nobody knows what a variable will be; and a claim that something empties is none. */
static bool can_be_driver(const char *name)
{
	return *name && !strpbrk(name, "$%`");
}

void import_add_driver(struct import *import, const char *name, const char *origin,
		       const struct selector *selector, const char *driver)
{
	const struct stub *stub = stub_of_driver(driver);
	struct rule *rule;

	if (!can_be_driver(driver)) {
		import_note(import, NOTE_UNCLEAR, "%s: %s: '%s'", origin, name, driver);
		return;
	}
	if (!stub) {
		/* A module's name that is none of a driver binds nothing. */
		import_note(import, import_is_stub_module(driver) ? NOTE_UNCLEAR : NOTE_KEEP,
			    "%s: %s", origin, driver);
		return;
	}
	rule = intent_add_rule(&import->intent, RULE_DEVICE, name, origin);
	rule->selector = *selector;
	rule->options.stub = stub;
	/* A variant of vfio-pci is what a device gets that has one. */
	rule->options.driver = stub_find_driver(driver) ? DRIVER_STUB : DRIVER_AUTO;
}

void import_add_vfs(struct import *import, const char *option, const char *origin, enum vfs_of of,
		    const char *name, const struct selector *selector, const char *count)
{
	struct vf_wish *wish;
	uint32_t number;

	if (parse_decimal(count, VF_COUNT_MAX, &number) < 0) {
		import_note(import, NOTE_UNCLEAR, "%s: %s: '%s'", origin, option, count);
		return;
	}
	if (!number)
		return;
	import->vf_wishes = memory_grow(import->vf_wishes, import->vf_wish_count, sizeof(*wish));
	wish = &import->vf_wishes[import->vf_wish_count++];
	wish->of = of;
	wish->count = number;
	wish->option = memory_copy(option, strlen(option));
	wish->origin = memory_copy(origin, strlen(origin));
	if (selector)
		wish->selector = *selector;
	if (name)
		wish->name = memory_dup(name);
}

void import_add_class(struct import *import, const char *option, const char *origin, uint32_t value,
		      uint32_t mask, const struct selectors *kept)
{
	struct class_wish *wish;

	import->class_wishes =
		memory_grow(import->class_wishes, import->class_wish_count, sizeof(*wish));
	wish = &import->class_wishes[import->class_wish_count++];
	wish->class = (struct class_pattern){ value, mask };
	wish->kept = kept ? *kept : (struct selectors){ 0 };
	wish->option = memory_dup(option);
	wish->origin = memory_dup(origin);
}

void import_add_addresses(struct import *import, const char *name, const char *origin,
			  const char *list, const char *separators, const struct stub *stub)
{
	_cleanup_free_ char *copy = memory_copy(list, strlen(list));
	char *rest = copy;

	for (char *word; (word = strsep(&rest, separators));) {
		struct address_pattern address;

		if (address_pattern_parse(word, &address) == 0)
			import_add_address(import, name, origin, &address, stub);
		else if (*word)
			import_note(import, NOTE_UNCLEAR, "%s: %s: '%s'", origin, name, word);
	}
}

bool import_is_this_host(const struct import *import, const char *node)
{
	return !node || !import->host_name || streq(node, import->host_name);
}

/* As the kernel calls it. The caller frees it. */
static char *module_name(const char *name)
{
	char *copy = memory_copy(name, strlen(name));

	for (char *c = copy; (c = strchr(c, '-'));)
		*c = '_';
	return copy;
}

void import_add_unwanted(struct import *import, const char *name)
{
	_cleanup_free_ char *module = module_name(name);

	names_add_once(&import->unwanted, module);
}

void import_add_modeset(struct import *import, const char *name, const char *origin)
{
	struct modeset *modeset;

	import->modesets = memory_grow(import->modesets, import->modeset_count, sizeof(*modeset));
	modeset = &import->modesets[import->modeset_count++];
	modeset->module = module_name(name);
	modeset->origin = memory_copy(origin, strlen(origin));
}

static void free_modesets(struct import *import)
{
	for (size_t i = 0; i < import->modeset_count; i++) {
		free(import->modesets[i].module);
		free(import->modesets[i].origin);
	}
	free(import->modesets);
	import->modesets = NULL;
	import->modeset_count = 0;
}

void import_end_modesets(struct import *import)
{
	for (size_t i = 0; i < import->modeset_count; i++) {
		const struct modeset *modeset = &import->modesets[i];

		if (names_has(&import->unwanted, modeset->module))
			import_note(import, NOTE_MAYBE, "%s: %s.modeset=0", modeset->origin,
				    modeset->module);
	}
	free_modesets(import);
}

void menu_free(struct menu *menu)
{
	for (size_t i = 0; i < menu->count; i++) {
		free(menu->entries[i].origin);
		free(menu->entries[i].options);
	}
	free(menu->entries);
	*menu = (struct menu){ 0 };
}

void selectors_free(struct selectors *selectors)
{
	for (size_t i = 0; i < selectors->count; i++)
		selector_free(&selectors->items[i]);
	free(selectors->items);
	*selectors = (struct selectors){ 0 };
}

static void free_qubes_option(struct qubes_option *option)
{
	free(option->value);
	free(option->origin);
}

void qubes_free(struct qubes *qubes)
{
	free_qubes_option(&qubes->hide_pci);
	free_qubes_option(&qubes->hide_all_usb);
	free_qubes_option(&qubes->dom0_usb);
	*qubes = (struct qubes){ 0 };
}

static void free_mappings(struct import *import)
{
	for (size_t i = 0; i < import->mapping_count; i++) {
		free(import->mappings[i].name);
		free(import->mappings[i].origin);
		free(import->mappings[i].places);
		free(import->mappings[i].options);
	}
	free(import->mappings);
	free(import->host_name);
}

static void free_class_wishes(struct import *import)
{
	for (size_t i = 0; i < import->class_wish_count; i++) {
		selectors_free(&import->class_wishes[i].kept);
		free(import->class_wishes[i].option);
		free(import->class_wishes[i].origin);
	}
	free(import->class_wishes);
}

static void free_vf_wishes(struct import *import)
{
	for (size_t i = 0; i < import->vf_wish_count; i++) {
		free(import->vf_wishes[i].name);
		free(import->vf_wishes[i].option);
		free(import->vf_wishes[i].origin);
		selector_free(&import->vf_wishes[i].selector);
	}
	free(import->vf_wishes);
}

void import_free(struct import *import)
{
	free_vf_wishes(import);
	free_class_wishes(import);
	free_mappings(import);
	qubes_free(&import->qubes);
	free_modesets(import);
	names_free(&import->unwanted);
	natives_free(&import->loading);
	natives_free(&import->natives);
	natives_free(&import->running);
	shell_free(&import->shell);
	sourced_free(&import->cmdline);
	menu_free(&import->menu);
	for (size_t i = 0; i < import->note_count; i++)
		free(import->notes[i].text);
	free(import->notes);
	intent_free(&import->intent);
	*import = (struct import){ 0 };
}
