/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/text.h"

#include <stdio.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c <= 0x7e && c != '\\';
}

char *text_escape(const char *text)
{
	char *escaped = memory_new(strlen(text) * 4 + 1, 1);
	char *out = escaped;

	for (const char *c = text; *c; c++) {
		if (is_plain((unsigned char)*c))
			*out++ = *c;
		else
			out += sprintf(out, "\\x%02x", (unsigned char)*c);
	}
	return escaped;
}

/* The byte of "xNN", or 0. */
static uint8_t escaped_byte(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	const char *high = *text == 'x' && text[1] ? strchr(digits, text[1]) : NULL;
	const char *low = high && text[2] ? strchr(digits, text[2]) : NULL;

	if (!low)
		return 0;
	return (uint8_t)((high - digits) << 4 | (low - digits));
}

char *text_unescape(const char *escaped)
{
	char *text = memory_dup(escaped);
	char *out = text;

	for (const char *c = escaped; *c; c++) {
		uint8_t byte = *c == '\\' ? escaped_byte(c + 1) : 0;

		*out++ = byte ? (char)byte : *c;
		c += byte ? strlen("xNN") : 0;
	}
	*out = '\0';
	return text;
}

bool text_is_plain(const char *text)
{
	while (*text && is_plain((unsigned char)*text))
		text++;
	return !*text;
}

char *text_put_hex(char *out, uint32_t value, unsigned digits)
{
	while (digits < 8 && value >> digits * 4)
		digits++;
	while (digits--)
		*out++ = "0123456789abcdef"[value >> digits * 4 & 0xf];
	*out = '\0';
	return out;
}

char *text_put_number(char *out, int64_t value)
{
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;
	char digits[20];
	size_t count = 0;

	do
		digits[count++] = (char)('0' + rest % 10);
	while (rest /= 10);
	if (value < 0)
		*out++ = '-';
	while (count)
		*out++ = digits[--count];
	*out = '\0';
	return out;
}

static char dash_as_underscore(char c)
{
	return c == '-' ? '_' : c;
}

bool text_parameter_starts(const char *text, const char *prefix, const char **ret_rest)
{
	for (; *prefix; text++, prefix++) {
		if (dash_as_underscore(*text) != dash_as_underscore(*prefix))
			return false;
	}
	if (ret_rest)
		*ret_rest = text;
	return true;
}

bool text_parameter_equal(const char *a, const char *b)
{
	const char *rest;

	return text_parameter_starts(a, b, &rest) && !*rest;
}

void text_each_item(const char *list, void (*function)(char *item, void *context), void *context)
{
	_cleanup_free_ char *copy = memory_dup(list);
	char *rest = copy;

	for (char *item; (item = strsep(&rest, ","));)
		function(item, context);
}

size_t text_edit_distance(const char *a, const char *b)
{
	size_t width = strlen(b) + 1;
	_cleanup_free_ size_t *row = memory_new(width, sizeof(*row));

	for (size_t j = 0; j < width; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j < width; j++) {
			size_t changed = diagonal + (a[i] != b[j - 1]);

			diagonal = row[j];
			row[j] = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
			if (changed < row[j])
				row[j] = changed;
		}
	}
	return row[width - 1];
}

size_t text_find(const char *text, const char *const words[], size_t count)
{
	size_t i = 0;

	while (i < count && !(words[i] && streq(words[i], text)))
		i++;
	return i;
}

bool text_is_one_of(const char *text, const char *const words[], size_t count)
{
	return text_find(text, words, count) < count;
}
