/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/address.h"

#include <errno.h>
#include <string.h>

#include "util/parse.h"
#include "util/text.h"

#define SLOT_MAX     0x1f
#define FUNCTION_MAX 7

/* TEXT is exactly "BB:SS.F". */
static int parse_behind_domain(const char *text, struct address_pattern *ret)
{
	uint32_t bus, slot, function = 0;

	if (strlen(text) != strlen("BB:SS.F") || text[2] != ':' || text[5] != '.')
		return -EINVAL;
	if (parse_hex(text, 2, &bus) < 0 || parse_hex(text + 3, 2, &slot) < 0 || slot > SLOT_MAX)
		return -EINVAL;
	ret->any_function = text[6] == '*';
	if (!ret->any_function &&
	    (parse_hex(text + 6, 1, &function) < 0 || function > FUNCTION_MAX))
		return -EINVAL;
	ret->address.bus = (uint8_t)bus;
	ret->address.slot = (uint8_t)slot;
	ret->address.function = (uint8_t)function;
	return 0;
}

int address_pattern_parse(const char *text, struct address_pattern *ret)
{
	struct address_pattern pattern = { 0 };
	const char *first = strchr(text, ':');
	bool has_domain = first && strchr(first + 1, ':');
	int r;

	if (has_domain) {
		size_t digits = (size_t)(first - text);

		if (digits < 4 || parse_hex(text, digits, &pattern.address.domain) < 0)
			return -EINVAL;
		text = first + 1;
	}
	r = parse_behind_domain(text, &pattern);
	if (r < 0)
		return r;
	*ret = pattern;
	return 0;
}

int address_parse(const char *text, struct pci_address *ret)
{
	struct address_pattern pattern;
	const char *first = strchr(text, ':');

	if (!first || !strchr(first + 1, ':'))
		return -EINVAL;
	if (address_pattern_parse(text, &pattern) < 0 || pattern.any_function)
		return -EINVAL;
	*ret = pattern.address;
	return 0;
}

/* By hand: every look at a device begins with this, and printf took most of its time. */
char *address_format(const struct pci_address *address, char buffer[static ADDRESS_SIZE])
{
	char *out = text_put_hex(buffer, address->domain, 4);

	*out++ = ':';
	out = text_put_hex(out, address->bus, 2);
	*out++ = ':';
	out = text_put_hex(out, address->slot, 2);
	*out++ = '.';
	text_put_hex(out, address->function, 1);
	return buffer;
}

static uint64_t as_number(const struct pci_address *address)
{
	return (uint64_t)address->domain << 16 | (uint64_t)address->bus << 8 |
	       (uint64_t)address->slot << 3 | address->function;
}

int address_compare(const struct pci_address *a, const struct pci_address *b)
{
	uint64_t left = as_number(a), right = as_number(b);

	return (left > right) - (left < right);
}

bool address_same_slot(const struct pci_address *a, const struct pci_address *b)
{
	return a->domain == b->domain && a->bus == b->bus && a->slot == b->slot;
}

bool address_pattern_matches(const struct address_pattern *pattern,
			     const struct pci_address *address)
{
	const struct pci_address *wanted = &pattern->address;

	return wanted->bus == address->bus && wanted->domain == address->domain &&
	       (pattern->any_slot || wanted->slot == address->slot) &&
	       (pattern->any_function || wanted->function == address->function);
}

/* "pciDDDD:BB" */
static int bridge_check(const char *hop, size_t length)
{
	const char *colon = memchr(hop, ':', length);
	uint32_t number;

	if (strncmp(hop, "pci", 3) != 0 || !colon || colon - hop < 3 + 4)
		return -EINVAL;
	if (parse_hex(hop + 3, (size_t)(colon - hop) - 3, &number) < 0)
		return -EINVAL;
	if (hop + length - colon != 3)
		return -EINVAL;
	return parse_hex(colon + 1, 2, &number);
}

/* "SS.F" */
static int hop_check(const char *hop, size_t length)
{
	uint32_t slot, function;

	if (length != 4 || hop[2] != '.')
		return -EINVAL;
	if (parse_hex(hop, 2, &slot) < 0 || parse_hex(hop + 3, 1, &function) < 0)
		return -EINVAL;
	return slot <= SLOT_MAX && function <= FUNCTION_MAX ? 0 : -EINVAL;
}

int path_check(const char *text)
{
	const char *end = strchrnul(text, '/');
	bool is_bridge = true;

	if (bridge_check(text, (size_t)(end - text)) < 0)
		return -EINVAL;
	while (*end) {
		const char *hop = end + 1;
		size_t length;

		end = strchrnul(hop, '/');
		length = (size_t)(end - hop);
		is_bridge = bridge_check(hop, length) == 0;
		if (!is_bridge && hop_check(hop, length) < 0)
			return -EINVAL;
	}
	/* A host bridge alone is no device. */
	return is_bridge ? -EINVAL : 0;
}
