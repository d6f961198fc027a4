/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/qubes.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define USB_CONTROLLER     0x0c0300 /* PCI Code and ID Assignment */
#define CLASS_MASK         0xffff00
#define NETWORK_CONTROLLER 0x020000
#define BASE_CLASS_MASK    0xff0000

/* As getarg of dracut has it: of several the last one counts. */
static void keep(struct qubes_option *option, const char *value, const char *origin)
{
	free(option->value);
	free(option->origin);
	option->value = memory_dup(value ? value : "");
	option->origin = memory_dup(origin);
}

bool qubes_add(struct qubes *qubes, const struct parameter *parameter, const char *origin)
{
	const struct {
		const char *name;
		struct qubes_option *option;
	} options[] = { { "rd.qubes.hide_pci", &qubes->hide_pci },
			{ "rd.qubes.hide_all_usb", &qubes->hide_all_usb },
			{ "rd.qubes.dom0_usb", &qubes->dom0_usb } };

	for (size_t i = 0; i < ARRAY_SIZE(options); i++) {
		if (streq(parameter->name, options[i].name)) {
			keep(options[i].option, parameter->value, origin);
			return true;
		}
	}
	return false;
}

/*
 * "00_01.0-00_00.0", also with a domain and '_' before it: bus, slot and function of each bridge on
 * the way and of the device, where a bus is counted from the one right behind the bridge. Returns a
 * path of ours, that the caller frees; NULL for what is none, or cannot be said.
 */
static char *path_of(const char *text)
{
	_cleanup_(buffer_free) struct buffer path = { 0 };
	size_t digits = strcspn(text, "_");
	bool has_domain = digits >= 4;
	const char *hop = has_domain ? text + digits + 1 : text;

	if (!text[digits])
		return NULL;
	buffer_printf(&path, "pci%.*s:", has_domain ? (int)digits : 4, has_domain ? text : "0000");
	for (bool is_first = true; *hop; is_first = false) {
		size_t length = strcspn(hop, "-");

		if (length != strlen("BB_SS.F") || hop[2] != '_')
			return NULL;
		if (is_first)
			buffer_add_bytes(&path, hop, 2);
		else if (strncmp(hop, "00", 2) != 0)
			return NULL;
		buffer_printf(&path, "/%.*s", (int)length - 3, hop + 3);
		hop += length + (hop[length] == '-');
	}
	return path_check(path.text) == 0 ? memory_dup(path.text) : NULL;
}

/* "00:14.0", to which Qubes adds the domain that Xen's devices have, or a path. */
static bool parse_device(const char *item, struct selector *ret)
{
	*ret = (struct selector){ 0 };
	ret->has_address = address_pattern_parse(item, &ret->address) == 0;
	if (!ret->has_address)
		ret->path = path_of(item);
	return ret->has_address || ret->path;
}

/* The list of an option that is being read. */
struct qubes_list {
	struct import *import;
	const char *name, *origin;
	struct selectors devices;
};

static void on_device(char *item, void *context)
{
	struct qubes_list *list = context;
	struct selectors *devices = &list->devices;
	struct selector selector;

	if (!*item)
		return;
	if (!parse_device(item, &selector)) {
		import_note(list->import, NOTE_UNCLEAR, "%s: %s: '%s'", list->origin, list->name,
			    item);
		return;
	}
	devices->items = memory_grow(devices->items, devices->count, sizeof(selector));
	devices->items[devices->count++] = selector;
}

static struct selectors read_list(struct import *import, const char *name,
				  const struct qubes_option *option)
{
	struct qubes_list list = { .import = import, .name = name, .origin = option->origin };

	if (option->value)
		text_each_item(option->value, on_device, &list);
	return list.devices;
}

static bool are_same(const struct selector *a, const struct selector *b)
{
	if (a->path || b->path)
		return a->path && b->path && streq(a->path, b->path);
	return address_compare(&a->address.address, &b->address.address) == 0;
}

static bool has(const struct selectors *selectors, const struct selector *selector)
{
	for (size_t i = 0; i < selectors->count; i++) {
		if (are_same(&selectors->items[i], selector))
			return true;
	}
	return false;
}

/* What is listed, but for what dom0 keeps. */
static void hide_listed(struct import *import, const struct selectors *kept)
{
	static const char name[] = "rd.qubes.hide_pci";
	const struct qubes_option *option = &import->qubes.hide_pci;
	_cleanup_(selectors_free) struct selectors devices = read_list(import, name, option);

	for (size_t i = 0; i < devices.count; i++) {
		struct rule *rule;

		if (has(kept, &devices.items[i]))
			continue;
		rule = intent_add_rule(&import->intent, RULE_DEVICE, name, option->origin);
		rule->selector = devices.items[i];
		rule->options.driver = DRIVER_STUB;
		rule->options.stub = stub_find("xen-pciback");
		devices.items[i].path = NULL; /* the rule's now */
	}
}

/* As getargbool of dracut has it: without a value, too. */
static bool is_on(const struct qubes_option *option)
{
	static const char *const refusals[] = { "0", "no", "off" };

	return option->value && !text_is_one_of(option->value, refusals, ARRAY_SIZE(refusals));
}

void qubes_end(struct import *import)
{
	const struct qubes *qubes = &import->qubes;
	_cleanup_(selectors_free) struct selectors kept =
		read_list(import, "rd.qubes.dom0_usb", &qubes->dom0_usb);

	hide_listed(import, &kept);
	if (is_on(&qubes->hide_all_usb)) {
		import_add_class(import, "rd.qubes.hide_all_usb", qubes->hide_all_usb.origin,
				 USB_CONTROLLER, CLASS_MASK, &kept);
		kept = (struct selectors){ 0 }; /* the wish's now */
	}
	qubes_free(&import->qubes);
}

/* --- The script of Qubes' dracut module */

/*
 * It hides all network cards without being asked: it looks for their class in what lspci says. Or
 * the class is a variable's value, which another line looks for.
 */
struct qubes_script {
	char *of_class, *of_lspci; /* origins: of the class, of the first line that calls lspci */
	char *line;                /* that one */
};

/* C may stand beside the digits of a class, but not beside those of a number or an address. */
static bool ends_class(char c)
{
	return !c || !(isalnum((unsigned char)c) || strchr("_.:-", c));
}

/* "02" at TEXT, which is in COMMAND, is the whole class: a subclass would be some network cards. */
static bool is_class(const char *text, const char *command)
{
	return ends_class(text[strlen("02")]) && (text == command || ends_class(text[-1]));
}

/* What is before TEXT, in COMMAND, is "NAME=", and a quote maybe. */
static bool is_value(const char *text, const char *command)
{
	if (text > command && strchr("'\"", text[-1]))
		text--;
	return text > command && text[-1] == '=';
}

/* COMMAND is one pipeline. */
static bool has_network_class(const char *command)
{
	const char *lspci = strstr(command, "lspci");

	for (const char *c = command; (c = strstr(c, "02")); c++) {
		if (is_class(c, command) && ((lspci && lspci < c) || is_value(c, command)))
			return true;
	}
	return false;
}

/* Commands are apart where '&', ';' or two '|' are. */
static void on_script(char *line, const char *origin, void *context)
{
	struct qubes_script *script = context;
	_cleanup_free_ char *copy = memory_dup(line);
	char *rest = copy;

	if (!script->of_lspci && strstr(line, "lspci")) {
		script->of_lspci = memory_dup(origin);
		script->line = memory_dup(line);
	}
	for (char *c = copy; (c = strstr(c, "||"));)
		*c = c[1] = ';';
	for (char *command; !script->of_class && (command = strsep(&rest, "&;"));) {
		if (has_network_class(command))
			script->of_class = memory_dup(origin);
	}
}

void import_read_qubes(struct import *import, const char *file, const char *text)
{
	struct qubes_script script = { 0 };

	if (!strstr(text, "pciback"))
		return;
	lines_each(file, text, "#", on_script, &script);
	if (script.of_class)
		import_add_class(import, "class 02", script.of_class, NETWORK_CONTROLLER,
				 BASE_CLASS_MASK, NULL);
	else if (script.of_lspci)
		import_note(import, NOTE_UNCLEAR, "%s: %s", script.of_lspci, script.line);
	free(script.of_class);
	free(script.of_lspci);
	free(script.line);
}
