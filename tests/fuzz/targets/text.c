/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text from outside: escaping, numbers, names of parameters, findings. */
#include "fuzz.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

/* \xNN back to the byte that it was. */
static char *unescape(const char *text)
{
	char *plain = memory_copy(text, strlen(text)), *out = plain;
	unsigned byte;

	while (*text) {
		if (sscanf(text, "\\x%2x", &byte) == 1) {
			*out++ = (char)byte;
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
	return plain;
}

static void check_escaping(const char *text)
{
	_cleanup_free_ char *escaped = text_escape(text);
	_cleanup_free_ char *back = unescape(escaped);

	must(fuzz_is_plain(escaped), "escape-plain", "%s", escaped);
	must(strcmp(back, text) == 0, "escape-round-trip", "%s", escaped);
	must(text_is_plain(text) == (strcmp(escaped, text) == 0), "escape-plain",
	     "%s is plain, or is not", escaped);
}

static void check_finding(const char *text)
{
	struct findings findings = { 0 };

	findings_add(&findings, FINDING_ABSENT, "%s and %d", text, 7);
	fuzz_check_findings(&findings);
	findings_free(&findings);
}

static void check_numbers(const uint8_t *data, size_t size)
{
	char ours[32], libcs[32];
	uint32_t value = 0;
	int64_t number = 0;

	memcpy(&value, data, size < sizeof(value) ? size : sizeof(value));
	memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
	text_put_number(ours, number);
	snprintf(libcs, sizeof(libcs), "%" PRId64, number);
	must(strcmp(ours, libcs) == 0, "numbers", "%s is written %s", libcs, ours);
	text_put_hex(ours, value, 4);
	snprintf(libcs, sizeof(libcs), "%04x", value);
	must(strcmp(ours, libcs) == 0, "numbers", "%s is written %s", libcs, ours);
}

static void check_parsing(const char *text)
{
	size_t length = strlen(text);
	uint32_t value = 0, hex = 0;
	bool is_decimal = length && strspn(text, "0123456789") == length;
	bool is_hex = length && length <= 8 && strspn(text, "0123456789abcdefABCDEF") == length;

	if (parse_decimal(text, UINT32_MAX, &value) == 0)
		must(is_decimal && strtoull(text, NULL, 10) == value, "numbers", "%s is %u", text,
		     value);
	else
		must(!is_decimal || strtoull(text, NULL, 10) > UINT32_MAX, "numbers",
		     "%s is no number", text);
	must((parse_hex(text, length, &hex) == 0) == is_hex, "numbers", "%s is no number", text);
	must(!is_hex || strtoul(text, NULL, 16) == hex, "numbers", "%s is %x", text, hex);
}

static void count_item(char *item, void *context)
{
	size_t *sum = context;

	must(!strchr(item, ','), "items", "%s", item);
	*sum += strlen(item) + 1;
}

static void check_names(const char *a, const char *b)
{
	bool is_equal = strlen(a) == strlen(b);
	size_t sum = 0;

	for (size_t i = 0; is_equal && a[i]; i++)
		is_equal = (a[i] == '-' ? '_' : a[i]) == (b[i] == '-' ? '_' : b[i]);
	must(text_parameter_equal(a, b) == is_equal && text_parameter_equal(b, a) == is_equal,
	     "names", "%s and %s", a, b);
	text_each_item(a, count_item, &sum);
	must(sum == strlen(a) + 1, "items", "%s", a);
}

/* Cutting and adding in any order leaves what printf would have made at once. */
static void check_buffer(const char *a, const char *b)
{
	_cleanup_(buffer_free) struct buffer buffer = { 0 };
	_cleanup_free_ char *whole = memory_printf("%s%s|%04x", a, b, 0x12345);

	buffer_add(&buffer, a);
	buffer_add(&buffer, a);
	buffer_cut(&buffer, strlen(a));
	buffer_printf(&buffer, "%s|", b);
	buffer_add_hex(&buffer, 0x12345, 4);
	must(buffer.length == strlen(whole) && strcmp(buffer.text, whole) == 0, "buffer", "%s",
	     buffer.text);
}

static void run(const uint8_t *data, size_t size)
{
	const uint8_t *rest = data;
	size_t left = size;
	_cleanup_free_ char *first = fuzz_part(&rest, &left);
	_cleanup_free_ char *second = fuzz_text(rest, left);

	check_escaping(first);
	check_finding(first);
	check_numbers(data, size);
	check_parsing(first);
	check_names(first, second);
	check_buffer(first, second);
}

static const char *const seeds[] = { "\x1b[2J\\x41\n%%\nvfio-pci", "4294967295",
				     "ffffffff%%\nvfio_pci", "a,b,,c", NULL };

FUZZ_TARGET(text, .run = run, .seeds = seeds, .size_max = 1024)
