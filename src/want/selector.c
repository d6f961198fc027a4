/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "want/selector.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define CLASS_BITS    0xffffffu
#define NATIVE_FIELDS 6

/* Cut TEXT at each ':' into at most MAX fields. Returns how many there are, MAX + 1 for more. */
static size_t split_fields(char *text, char *fields[], size_t max)
{
	size_t count = 0;

	for (char *field; (field = strsep(&text, ":"));) {
		if (count == max)
			return max + 1;
		fields[count++] = field;
	}
	return count;
}

static int id_field_parse(const char *text, uint32_t *ret)
{
	if (streq(text, "*")) {
		*ret = ID_ANY;
		return 0;
	}
	return strlen(text) <= 4 ? parse_hex(text, strlen(text), ret) : -EINVAL;
}

int id_pattern_parse(const char *text, struct id_pattern *ret)
{
	_cleanup_free_ char *copy = memory_dup(text);
	uint32_t ids[4] = { ID_ANY, ID_ANY, ID_ANY, ID_ANY };
	char *fields[4];
	size_t count = split_fields(copy, fields, 4);

	if (count != 2 && count != 4)
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		if (id_field_parse(fields[i], &ids[i]) < 0)
			return -EINVAL;
	}
	*ret = (struct id_pattern){ ids[0], ids[1], ids[2], ids[3] };
	return 0;
}

int class_pattern_parse(const char *text, struct class_pattern *ret)
{
	size_t digits = strlen(text);
	uint32_t value;

	if ((digits != 2 && digits != 4 && digits != 6) || parse_hex(text, digits, &value) < 0)
		return -EINVAL;
	ret->value = value << (6 - digits) * 4;
	ret->mask = CLASS_BITS << (6 - digits) * 4 & CLASS_BITS;
	return 0;
}

int filter_parse(const char *text, struct selector *ret)
{
	_cleanup_free_ char *copy = memory_dup(text);
	struct selector selector = { .id = { ID_ANY, ID_ANY, ID_ANY, ID_ANY } };
	uint32_t *const ids[] = { &selector.id.vendor, &selector.id.device };
	char *fields[3];
	size_t count = split_fields(copy, fields, 3);

	if (count != 2 && count != 3)
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		if (*fields[i] && id_field_parse(fields[i], ids[i]) < 0)
			return -EINVAL;
	}
	selector.has_id = true;
	selector.has_class = count == 3 && *fields[2] && !streq(fields[2], "*");
	if (selector.has_class && class_pattern_parse(fields[2], &selector.class) < 0)
		return -EINVAL;
	*ret = selector;
	return 0;
}

/* sscanf's "%x": the number at the beginning of TEXT. Returns what is behind it, NULL without one.
 */
static const char *native_field_parse(const char *text, uint32_t *ret)
{
	static const char hex_digits[] = "0123456789abcdefABCDEF";
	size_t digits;

	text += strspn(text, " \t\n\v\f\r");
	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X') && strspn(text + 2, hex_digits))
		text += 2;
	digits = strspn(text, hex_digits);
	return parse_hex(text, digits, ret) < 0 ? NULL : text + digits;
}

int native_id_parse(const char *text, struct selector *ret, const char **ret_rest)
{
	/* What the drivers take for a field that is not there. */
	uint32_t values[NATIVE_FIELDS] = { 0, 0, ID_ANY, ID_ANY, 0, 0 };
	size_t count = 0;

	while (count < NATIVE_FIELDS) {
		const char *rest = native_field_parse(text, &values[count]);

		if (!rest)
			break;
		count++;
		text = rest;
		if (*text != ':' || count == NATIVE_FIELDS)
			break;
		text++;
	}
	if (count < 2)
		return -EINVAL;
	ret->has_id = true;
	ret->id = (struct id_pattern){ values[0], values[1], values[2], values[3] };
	ret->has_class = values[5] != 0;
	ret->class = (struct class_pattern){ values[4], values[5] };
	*ret_rest = text;
	return 0;
}

bool selector_is_empty(const struct selector *selector)
{
	return !selector->has_address && !selector->has_id && !selector->has_class &&
	       !selector->path;
}

void selector_free(struct selector *selector)
{
	free(selector->path);
	selector->path = NULL;
	vf_set_free(&selector->vf);
}
