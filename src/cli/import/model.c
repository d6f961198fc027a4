/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/model.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parameter.h"
#include "util/text.h"

#define USB_CONTROLLER 0x0c0300 /* PCI Code and ID Assignment */
#define CLASS_MASK     0xffff00
#define BETWEEN_WORDS  " \t\n,;:.()\"'=/"

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
	return text_parameter_starts(word, "vfio", NULL) ||
	       text_parameter_equal(word, "pci-stub") ||
	       text_parameter_equal(word, "xen-pciback") || text_parameter_equal(word, "pciback");
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

struct qubes_list {
	struct import *import;
	const char *origin;
};

/* Qubes puts the domain before it that Xen's devices have: 0000. */
static void on_qubes_device(char *item, void *context)
{
	struct qubes_list *list = context;
	struct address_pattern address;

	if (address_pattern_parse(item, &address) == 0)
		import_add_address(list->import, "rd.qubes.hide_pci", list->origin, &address,
				   stub_find("xen-pciback"));
	else if (*item)
		import_note(list->import, NOTE_UNCLEAR, "%s: rd.qubes.hide_pci: '%s'", list->origin,
			    item);
}

/* All USB controllers go to xen-pciback, as dracut's getargbool has it: without a value, too. */
static void add_usb(struct import *import, const struct parameter *parameter, const char *origin)
{
	static const char *const refusals[] = { "0", "no", "off" };
	const char *value = parameter->value ? parameter->value : "";
	struct rule *rule;

	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (strcmp(value, refusals[i]) == 0)
			return;
	}
	rule = intent_add_rule(&import->intent, RULE_DEVICE, parameter->name, origin);
	rule->selector.has_class = true;
	rule->selector.class = (struct class_pattern){ USB_CONTROLLER, CLASS_MASK };
	rule->options.driver = DRIVER_STUB;
	rule->options.stub = stub_find("xen-pciback");
}

/* Returns whether PARAMETER is one of those that Qubes has for its initramfs. */
static bool parse_qubes(struct import *import, const struct parameter *parameter,
			const char *origin)
{
	struct qubes_list list = { import, origin };

	if (strcmp(parameter->name, "rd.qubes.hide_all_usb") == 0)
		add_usb(import, parameter, origin);
	else if (strcmp(parameter->name, "rd.qubes.hide_pci") == 0 && parameter->value)
		text_each_item(parameter->value, on_qubes_device, &list);
	else if (strcmp(parameter->name, "rd.qubes.dom0_usb") == 0 && parameter->value)
		import_note(import, NOTE_UNCLEAR,
			    "%s: %s=%s leaves controllers to dom0, which a rule by class takes",
			    origin, parameter->name, parameter->value);
	else
		return false;
	return true;
}

/* A parameter of a stub driver's module that names no devices: "vfio-pci.disable_vga=1". */
static void parse_setting(struct import *import, const struct parameter *parameter,
			  const char *origin)
{
	const char *value = parameter->value ? parameter->value : "";
	const char *dot = strchr(parameter->name, '.');
	_cleanup_free_ char *module =
		dot ? memory_copy(parameter->name, (size_t)(dot - parameter->name)) : NULL;

	if (!module || !import_is_stub_module(module))
		return;
	if (strcmp(dot, ".permissive") == 0)
		import->permissive |= !strchr("0nN", *value) || !*value;
	else if (strcmp(dot, ".ids") != 0 && strcmp(dot, ".hide") != 0)
		import_note(import, NOTE_KEEP, "%s: %s%s%s", origin, parameter->name,
			    *value ? "=" : "", value);
}

/* Returns whether PARAMETER keeps modules from being loaded, as `blacklist` of modprobe.d does. */
static bool parse_blacklist(struct import *import, const struct parameter *parameter,
			    const char *origin)
{
	static const char *const names[] = { "modprobe.blacklist", "module_blacklist",
					     "rd.driver.blacklist" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		if (!text_parameter_equal(parameter->name, names[i]))
			continue;
		import_note(import,
			    import_names_stub_module(parameter->value) ? NOTE_UNCLEAR : NOTE_MAYBE,
			    "%s: %s=%s", origin, parameter->name, parameter->value);
		return true;
	}
	return false;
}

void import_parameter(struct import *import, const struct parameter *parameter, const char *origin)
{
	parse_setting(import, parameter, origin);
	if (parse_qubes(import, parameter, origin) || !parameter->value ||
	    parse_blacklist(import, parameter, origin))
		return;
	if (strncmp(parameter->name, "rd.driver.", strlen("rd.driver.")) == 0 &&
	    import_names_stub_module(parameter->value))
		import_note(import, NOTE_OBSOLETE, "%s: %s=%s", origin, parameter->name,
			    parameter->value);
}

void import_finish(struct import *import)
{
	natives_finish(&import->natives, &import->intent);
}

void import_free(struct import *import)
{
	natives_free(&import->natives);
	for (size_t i = 0; i < import->note_count; i++)
		free(import->notes[i].text);
	free(import->notes);
	intent_free(&import->intent);
	*import = (struct import){ 0 };
}
