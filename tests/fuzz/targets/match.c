/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether a selector means a device, by another reader of the same text. */
#include "fuzz.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "host/rules.h"
#include "plan/match.h"
#include "util/memory.h"
#include "want/conf.h"

/* TEXT fits the field VALUE, written with so many DIGITS, where '*' fits all. */
static bool field_fits(const char *text, size_t length, uint32_t value)
{
	_cleanup_free_ char *field = memory_copy(text, length);

	return strcmp(field, "*") == 0 || strtoul(field, NULL, 16) == value;
}

static bool id_fits(const char *text, const struct pci_device *device)
{
	const uint32_t values[] = { device->vendor, device->device, device->subvendor,
				    device->subdevice };

	for (size_t i = 0; *text; i++) {
		size_t length = strcspn(text, ":");

		if (!field_fits(text, length, values[i]))
			return false;
		text += length + (text[length] == ':');
	}
	return true;
}

/* The address as it is written in full, and '*' for its last digit. */
static bool address_fits(const char *text, const struct pci_device *device)
{
	char name[ADDRESS_SIZE], wanted[64];

	address_format(&device->address, name);
	if (strchr(text, ':') == strrchr(text, ':'))
		snprintf(wanted, sizeof(wanted), "0000:%s", text);
	else
		snprintf(wanted, sizeof(wanted), "%s", text + strspn(text, "0") % 5);
	if (wanted[strlen(wanted) - 1] == '*')
		wanted[strlen(wanted) - 1] = name[strlen(name) - 1] = '\0';
	/* Of the domain, leading zeros do not count. */
	return strcasecmp(wanted + strspn(wanted, "0"), name + strspn(name, "0")) == 0;
}

static bool class_fits(const char *text, const struct pci_device *device)
{
	char class[16];

	snprintf(class, sizeof(class), "%06x", device->class);
	return strncasecmp(class, text, strlen(text)) == 0;
}

/* The value of KEY in the one section of TEXT, as conf.c would find it; NULL without one. */
static char *value_of(const char *text, const char *key)
{
	for (; text; text = strchr(text, '\n') ? strchr(text, '\n') + 1 : NULL) {
		size_t length;

		if (strncmp(text, key, strlen(key)) != 0)
			continue;
		length = strcspn(text + strlen(key), "\n");
		return memory_copy(text + strlen(key), length);
	}
	return NULL;
}

static bool fits(const char *text, const struct pci_device *device)
{
	_cleanup_free_ char *address = value_of(text, "address = ");
	_cleanup_free_ char *path = value_of(text, "path = ");
	_cleanup_free_ char *id = value_of(text, "id = ");
	_cleanup_free_ char *class = value_of(text, "class = ");

	return (!address || address_fits(address, device)) &&
	       (!path || strcmp(path, device->path) == 0) && (!id || id_fits(id, device)) &&
	       (!class || class_fits(class, device));
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = NULL;
	struct intent intent = { 0 };
	struct pci_device devices[] = {
		{ .address = { 0, 1, 0, 0 },
		  .vendor = 0x10de,
		  .device = 0x2684,
		  .subvendor = 0x1043,
		  .subdevice = 0x889c,
		  .class = 0x030000,
		  .path = (char *)"pci0000:00/01.0/00.0",
		  .group = GROUP_NONE },
		{ .address = { 0x10000, 0xe1, 0x1f, 7 },
		  .vendor = 0x8086,
		  .device = 0x10d3,
		  .class = 0x020000,
		  .path = (char *)"pci0000:00/0e.0/pci10000:e0/06.0",
		  .group = GROUP_NONE },
	};
	const struct facts facts = { .devices = devices, .device_count = 2 };
	_cleanup_free_ char *written = NULL;

	text = fuzz_text(data, size);
	conf_parse(&intent, "f", text, strlen(text));
	if (!intent.findings.count && intent.rule_count == 1 && !intent.rules[0].vfs &&
	    !intent.rules[0].selector.vf.count) {
		/* In one form, so that the other reader can be simple. */
		written = rules_to_conf(&intent);
		for (size_t i = 0; i < 2; i++) {
			enum fit fit = match_fit(&intent.rules[0].selector, &facts, &devices[i]);

			must((fit == FIT_ALL) == fits(written, &devices[i]), "match",
			     "device %zu, %d:\n%s", i, fit, written);
		}
	}
	intent_free(&intent);
}

static const char *const seeds[] = {
	"[device a]\naddress = 0000:01:00.*\nid = 10de:2684\n",
	"[device a]\npath = pci0000:00/0e.0/pci10000:e0/06.0\nclass = 02\n",
	"[device a]\naddress = 10000:e1:1f.7\nid = 8086:*\n", NULL
};

FUZZ_TARGET(match, .run = run, .seeds = seeds, .words = conf_words, .size_max = 512)
