/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of udev's rules: what they write to sysfs for a device that they match. */
#include <stdlib.h>
#include <string.h>

#include "cli/import/lines.h"
#include "cli/import/model.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

/* What a rule matches, and what it writes. */
struct udev_rule {
	struct import *import;
	const char *text, *origin;
	struct selector selector;     /* but the address, */
	char *addresses;              /* which may be several: "0000:01:00.0|0000:01:00.1" */
	char *interface, *mac;        /* of a network interface */
	char *bound;                  /* the driver that has it */
	char *driver, *count;         /* what is written */
	bool is_unclear, is_relevant; /* it matches something else; it is about devices of ours */
};

/* One of its comma-separated parts. */
struct udev_part {
	const char *key; /* "ATTR{vendor}" */
	char *value;
	enum { PART_MATCHES, PART_EXCEPTS, PART_DOES } kind;
};

static void replace(char **text, const char *value)
{
	free(*text);
	*text = memory_copy(value, strlen(value));
}

static bool set_id(const char *value, uint32_t *field)
{
	if (strncmp(value, "0x", 2) == 0)
		value += 2;
	return parse_hex(value, strlen(value), field) == 0;
}

/* The four of an id, by name, as the kernel writes them: 0x10de. */
static bool match_id(struct udev_rule *rule, const char *attribute, const char *value)
{
	struct id_pattern *id = &rule->selector.id;
	const struct {
		const char *name;
		uint32_t *field;
	} fields[] = { { "vendor", &id->vendor },
		       { "device", &id->device },
		       { "subsystem_vendor", &id->subvendor },
		       { "subsystem_device", &id->subdevice } };

	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (strcmp(fields[i].name, attribute) == 0) {
			rule->selector.has_id = true;
			return set_id(value, fields[i].field);
		}
	}
	return false;
}

/* "0x030000", also with a pattern behind it: "0x0300*" */
static bool match_class(struct udev_rule *rule, const char *value)
{
	_cleanup_free_ char *digits = NULL;
	size_t length;

	if (strncmp(value, "0x", 2) == 0)
		value += 2;
	length = strcspn(value, "*?");
	if (length < 6 && strcmp(value + length, "*") != 0 &&
	    strspn(value + length, "?") != 6 - length)
		return false;
	digits = memory_copy(value, length);
	rule->selector.has_class = true;
	return class_pattern_parse(digits, &rule->selector.class) == 0;
}

static bool match_attribute(struct udev_rule *rule, const char *attribute, const char *value)
{
	static const char device[] = "device/"; /* of a network interface */

	if (strncmp(attribute, device, strlen(device)) == 0)
		attribute += strlen(device);
	if (strcmp(attribute, "class") == 0)
		return match_class(rule, value);
	if (strcmp(attribute, "address") == 0) {
		replace(&rule->mac, value);
		return true;
	}
	return match_id(rule, attribute, value);
}

static bool match_kernel(struct udev_rule *rule, const char *value)
{
	struct address_pattern address;
	_cleanup_free_ char *first = memory_copy(value, strcspn(value, "|[?"));
	_cleanup_free_ char *all = memory_printf("%s*", first);

	replace(address_pattern_parse(first, &address) == 0 ||
				address_pattern_parse(all, &address) == 0
			? &rule->addresses
			: &rule->interface,
		value);
	return true;
}

/* "pci-0000:03:00.0" */
static bool match_path(struct udev_rule *rule, const char *value)
{
	struct address_pattern address;

	if (strncmp(value, "pci-", 4) != 0 || address_pattern_parse(value + 4, &address) < 0)
		return false;
	replace(&rule->addresses, value + 4);
	return true;
}

/* "10DE:2184", as the kernel's event has it */
static bool match_pci_id(struct udev_rule *rule, const char *value)
{
	rule->selector.has_id = true;
	return id_pattern_parse(value, &rule->selector.id) == 0 &&
	       rule->selector.id.device != ID_ANY;
}

static bool match_driver(struct udev_rule *rule, const char *value)
{
	replace(&rule->bound, value);
	return true;
}

static bool match_interface(struct udev_rule *rule, const char *value)
{
	replace(&rule->interface, value);
	return true;
}

/* It is either kind of device that we know, or there is nothing in it that says more. */
static bool match_subsystem(struct udev_rule *rule, const char *value)
{
	(void)rule;
	return strcmp(value, "pci") == 0 || strcmp(value, "net") == 0;
}

static bool match_nothing(struct udev_rule *rule, const char *value)
{
	(void)rule, (void)value;
	return true;
}

static const struct {
	const char *key;
	bool (*match)(struct udev_rule *rule, const char *value);
} matches[] = {
	{ "ACTION", match_nothing },
	{ "SUBSYSTEM", match_subsystem },
	{ "SUBSYSTEMS", match_subsystem },
	{ "KERNEL", match_kernel },
	{ "KERNELS", match_kernel },
	{ "NAME", match_interface },
	{ "ENV{INTERFACE}", match_interface },
	{ "ENV{ID_PATH}", match_path },
	{ "ENV{PCI_SLOT_NAME}", match_kernel },
	{ "ENV{PCI_ID}", match_pci_id },
	{ "ENV{ID_NET_DRIVER}", match_driver },
	{ "DRIVER", match_driver },
	{ "DRIVERS", match_driver },
};

/* KEY is "NAME{ATTRIBUTE}": returns that, to be freed, else NULL. */
static char *attribute_of(const char *key, const char *name)
{
	size_t length = strlen(name), whole = strlen(key);

	if (strncmp(key, name, length) != 0 || key[length] != '{' || key[whole - 1] != '}')
		return NULL;
	return memory_copy(key + length + 1, whole - length - 2);
}

static bool match_part(struct udev_rule *rule, const struct udev_part *part)
{
	_cleanup_free_ char *own = attribute_of(part->key, "ATTR");
	_cleanup_free_ char *any = attribute_of(part->key, "ATTRS");

	if (own || any)
		return match_attribute(rule, own ? own : any, part->value);
	for (size_t i = 0; i < ARRAY_SIZE(matches); i++) {
		if (strcmp(matches[i].key, part->key) == 0)
			return matches[i].match(rule, part->value);
	}
	return false;
}

static bool ends_in(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* What is done with the device. Anything but one of these attributes is for others. */
static void do_part(struct udev_rule *rule, const struct udev_part *part)
{
	_cleanup_free_ char *attribute = attribute_of(part->key, "ATTR");

	if (attribute && ends_in(attribute, "driver_override")) {
		replace(&rule->driver, part->value);
	} else if (attribute && ends_in(attribute, "sriov_numvfs")) {
		replace(&rule->count, part->value);
	} else if (strcmp(part->key, "TAG") == 0 && strcmp(part->value, "vfio-pci-bind") == 0) {
		replace(&rule->driver, "vfio-pci"); /* of a script of this name, for its own rule */
	} else if (import_is_about_binding(part->value) ||
		   (attribute && import_is_about_binding(attribute))) {
		rule->is_unclear = rule->is_relevant = true;
	}
}

/* How long the key at TEXT is: a name, and an attribute in braces. */
static size_t key_length(const char *text)
{
	size_t length = strcspn(text, "=!+-:\"{ \t");

	if (text[length] == '{')
		length += strcspn(text + length, "}");
	return length + (text[length] == '}');
}

/* Cut the next KEY SIGN "VALUE" off *REST. False without one. */
static bool next_part(char **rest, struct udev_part *ret)
{
	char *key = *rest + strspn(*rest, ", \t");
	char *end = key + key_length(key);
	char *sign = end + strspn(end, " \t");
	char *value = sign + strcspn(sign, "\""), *out;

	if (!*value || end == key)
		return false;
	ret->kind = *sign == '!'                  ? PART_EXCEPTS
		    : strncmp(sign, "==", 2) == 0 ? PART_MATCHES
						  : PART_DOES;
	*end = '\0';
	ret->key = key;
	ret->value = out = ++value;
	for (; *value && *value != '"'; value++) {
		value += value[0] == '\\' && value[1] == '"';
		*out++ = *value;
	}
	*rest = *value ? value + 1 : value;
	*out = '\0';
	return true;
}

static void add_selected(struct udev_rule *rule, const struct selector *selector)
{
	if (rule->driver)
		import_add_driver(rule->import, "driver_override", rule->origin, selector,
				  rule->driver);
	if (rule->count)
		import_add_vfs(rule->import, "sriov_numvfs", rule->origin, VFS_OF_SELECTED, NULL,
			       selector, rule->count);
}

/* It is said what the device is, by what a section can say: which driver it has is nothing of that.
 */
static bool is_selector_clear(const struct udev_rule *rule)
{
	const struct id_pattern *id = &rule->selector.id;

	return (rule->addresses ||
		(!rule->bound && (rule->selector.has_id || rule->selector.has_class))) &&
	       (!rule->selector.has_id || id->vendor != ID_ANY);
}

/* "0000:01:00.?" means every function of the slot, as "*" does. */
static bool add_word(struct udev_rule *rule, char *word)
{
	struct selector selector = rule->selector;
	size_t length = strlen(word);

	if (length && word[length - 1] == '?')
		word[length - 1] = '*';
	selector.has_address = true;
	if (address_pattern_parse(word, &selector.address) < 0)
		return false;
	add_selected(rule, &selector);
	return true;
}

/* "0000:01:00.[01]", "0000:01:00.[0-3]": each of the functions in the brackets */
static bool add_functions(struct udev_rule *rule, const char *word)
{
	const char *set = strstr(word, ".["), *last = set ? strchr(set, ']') : NULL;
	unsigned first = 8;

	if (!last || last[1] || last == set + 2)
		return false;
	for (const char *c = set + 2; c < last; c++) {
		bool is_range = c > set + 2 && *c == '-' && c[1] >= '0' && c[1] <= '7';

		if (!is_range && (*c < '0' || *c > '7'))
			return false;
		c += is_range;
		first = is_range ? first + 1 : (unsigned)(*c - '0');
		for (; first <= (unsigned)(*c - '0'); first++) {
			_cleanup_free_ char *one =
				memory_printf("%.*s.%u", (int)(set - word), word, first);

			if (!add_word(rule, one))
				return false;
		}
		first--;
	}
	return true;
}

static bool add_each_address(struct udev_rule *rule)
{
	char *rest = rule->addresses;

	if (!rule->addresses)
		add_selected(rule, &rule->selector);
	for (char *word; rest && (word = strsep(&rest, "|"));) {
		if (!add_functions(rule, word) && !add_word(rule, word))
			return false;
	}
	return true;
}

/* A network interface has no driver to be had by name, and a driver as such no device. */
static bool add_named(struct udev_rule *rule)
{
	const char *name = rule->mac ? rule->mac : rule->interface ? rule->interface : rule->bound;
	enum vfs_of of = rule->mac         ? VFS_OF_MAC
			 : rule->interface ? VFS_OF_INTERFACE
					   : VFS_OF_DRIVER;

	if (rule->driver || !name || strpbrk(name, "*?[|$%"))
		return false;
	import_add_vfs(rule->import, "sriov_numvfs", rule->origin, of, name, NULL, rule->count);
	return true;
}

static void finish_rule(struct udev_rule *rule)
{
	bool is_clear = !rule->is_unclear;

	if (!rule->driver && !rule->count && !rule->is_relevant)
		return;
	if (is_clear && is_selector_clear(rule))
		is_clear = !rule->interface && !rule->mac && add_each_address(rule);
	else if (is_clear)
		is_clear = add_named(rule);
	if (!is_clear)
		import_note(rule->import, NOTE_UNCLEAR, "%s: %s", rule->origin, rule->text);
}

static void read_rule(struct import *import, const char *text, const char *origin)
{
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct udev_rule rule = { .import = import, .text = text, .origin = origin };
	struct udev_part part;
	char *rest = copy;

	rule.selector.id = (struct id_pattern){ ID_ANY, ID_ANY, ID_ANY, ID_ANY };
	while (next_part(&rest, &part)) {
		if (part.kind == PART_MATCHES)
			rule.is_unclear |= !match_part(&rule, &part);
		else if (part.kind == PART_EXCEPTS)
			rule.is_unclear |= strcmp(part.key, "ACTION") != 0;
		else
			do_part(&rule, &part);
	}
	finish_rule(&rule);
	free(rule.addresses);
	free(rule.interface);
	free(rule.mac);
	free(rule.bound);
	free(rule.driver);
	free(rule.count);
}

static void on_rule(char *line, const char *origin, void *context)
{
	read_rule(context, line, origin);
}

/* passthru's own rules start the agent, and are none of the administrator's. */
void import_read_udev(struct import *import, const char *file, const char *text)
{
	if (!strstr(text, "passthru-init"))
		lines_each_joined(file, text, "#", on_rule, import);
}
