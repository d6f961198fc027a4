/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/pasted.h"

#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define SYSFS_DEVICES "/sys/bus/pci/devices/"

static char *skip_prefix(char *text, const char *prefix)
{
	size_t length = strlen(prefix);

	return strncmp(text, prefix, length) == 0 ? text + length : text;
}

/* "pci_0000_01_00_0", as "0000:01:00.0"; anything else stays as it is. */
static char *undo_underscores(char *text)
{
	char *address = skip_prefix(text, "pci_"), *separators[3];
	size_t count = 0;

	if (address == text)
		return text;
	for (char *c = address; (c = strchr(c, '_')); c++) {
		if (count == ARRAY_SIZE(separators))
			return text;
		separators[count++] = c;
	}
	if (count != ARRAY_SIZE(separators))
		return text;
	*separators[0] = *separators[1] = ':';
	*separators[2] = '.';
	return address;
}

/* What stands around the address or ID. */
static char *strip(char *text)
{
	size_t length = strlen(text);
	char *dashed = skip_prefix(text, "pci-");

	if (length > 2 && text[0] == '[' && text[length - 1] == ']') {
		text[length - 1] = '\0';
		return text + 1;
	}
	/* Without a colon it is the name of a rule. */
	if (dashed != text && strchr(dashed, ':'))
		return dashed;
	return undo_underscores(skip_prefix(text, SYSFS_DEVICES));
}

static int parse_number(const char *text, size_t digits_max, uint32_t *ret)
{
	size_t digits = strlen(text);

	return digits > digits_max ? -1 : parse_hex(text, digits, ret);
}

/* Cut TEXT at its last C, and give what is behind it; NULL where there is none. */
static char *cut_last(char *text, char c)
{
	char *last = strrchr(text, c);

	if (last)
		*last++ = '\0';
	return last;
}

/* "[domain:]bus:slot.function" of fewer digits than lspci prints; NULL when TEXT is none. */
static char *full_address(const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	const char *function = cut_last(copy, '.'), *slot = cut_last(copy, ':');
	const char *bus = cut_last(copy, ':'), *domain = bus ? copy : NULL;
	uint32_t domain_number = 0, bus_number, slot_number;

	if (!function || !slot || (domain && parse_number(domain, 8, &domain_number) < 0) ||
	    parse_number(bus ? bus : copy, 2, &bus_number) < 0 ||
	    parse_number(slot, 2, &slot_number) < 0)
		return NULL;
	if (!domain)
		return memory_printf("%02x:%02x.%s", bus_number, slot_number, function);
	return memory_printf("%04x:%02x:%02x.%s", domain_number, bus_number, slot_number, function);
}

/* Each field of an ID without its "0x". */
static char *without_0x(const char *text)
{
	char *plain = memory_dup(text), *out = plain;

	for (const char *c = text; *c; c++) {
		bool begins_field = c == text || c[-1] == ':';

		if (begins_field && c[0] == '0' && (c[1] == 'x' || c[1] == 'X') && c[2] &&
		    c[2] != ':')
			c += 2;
		*out++ = *c;
	}
	*out = '\0';
	return plain;
}

char *pasted_plain(const char *text)
{
	_cleanup_free_ char *copy = memory_dup(text);
	const char *bare = strip(copy);
	char *plain;

	if (!strchr(bare, ':'))
		return NULL;
	plain = full_address(bare);
	if (!plain)
		plain = without_0x(bare);
	if (!streq(plain, text))
		return plain;
	free(plain);
	return NULL;
}
