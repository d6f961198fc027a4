/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/hide.h"

#include <errno.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define BLANKS " \t\n\v\f\r"

/* TEXT as hexadecimal up to MAX. */
static int field_parse(const char *text, uint32_t max, uint32_t *ret)
{
	int r = parse_hex(text, strlen(text), ret);

	if (r < 0)
		return r;
	return *ret <= max ? 0 : -EINVAL;
}

/* "SS.F", "SS.*" or "*.*" */
static int slot_parse(char *text, struct address_pattern *ret)
{
	char *function = strchr(text, '.');
	uint32_t number;

	if (!function)
		return -EINVAL;
	*function++ = '\0';
	ret->any_slot = streq(text, "*");
	ret->any_function = streq(function, "*");
	if (ret->any_slot)
		return ret->any_function ? 0 : -EINVAL;
	if (field_parse(text, 0x1f, &number) < 0)
		return -EINVAL;
	ret->address.slot = (uint8_t)number;
	if (ret->any_function)
		return 0;
	if (field_parse(function, 7, &number) < 0)
		return -EINVAL;
	ret->address.function = (uint8_t)number;
	return 0;
}

/* What stands between the parentheses. */
static int inner_parse(char *text, struct address_pattern *ret)
{
	char *slot = strrchr(text, ':');
	char *bus;
	uint32_t number;

	if (!slot)
		return -EINVAL;
	*slot++ = '\0';
	bus = strchr(text, ':');
	if (bus) {
		*bus++ = '\0';
		if (field_parse(text, UINT32_MAX, &ret->address.domain) < 0)
			return -EINVAL;
	} else {
		bus = text;
	}
	if (field_parse(bus, 0xff, &number) < 0)
		return -EINVAL;
	ret->address.bus = (uint8_t)number;
	return slot_parse(slot, ret);
}

int hide_group_parse(const char *text, struct address_pattern *ret, size_t *ret_length)
{
	const char *start = text + strspn(text, BLANKS);
	const char *end = start + (*start != '\0'); /* a bad group has a length too */
	struct address_pattern pattern = { 0 };
	_cleanup_free_ char *inner = NULL;

	end += strcspn(end, "()");
	if (*start != '(' || *end != ')') {
		*ret_length = (size_t)(end - text);
		return -EINVAL;
	}
	inner = memory_copy(start + 1, (size_t)(end - start) - 1);
	end++;
	*ret_length = (size_t)(end + strspn(end, BLANKS) - text);
	if (inner_parse(inner, &pattern) < 0)
		return -EINVAL;
	*ret = pattern;
	return 0;
}
