/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "util/memory.h"
#include "util/text.h"

struct escape_row {
	const char *text;
	const char *escaped;
};

static const struct escape_row escape_rows[] = {
	{ "", "" },
	{ "plain text ~!", "plain text ~!" },
	{ "a\nb", "a\\x0ab" },
	{ "\033[31mred", "\\x1b[31mred" },
	{ "\r\t", "\\x0d\\x09" },
	{ "\x7f\x80\xff", "\\x7f\\x80\\xff" },
	{ "gr\xc3\xbcn", "gr\\xc3\\xbcn" },
	{ "back\\slash", "back\\x5cslash" },
	{ "\\x0a", "\\x5cx0a" },
};

static void test_escape(void **state)
{
	const struct escape_row *row = *state;
	_cleanup_free_ char *escaped = text_escape(row->text);

	_cleanup_free_ char *again = text_unescape(escaped);

	assert_string_equal(escaped, row->escaped);
	assert_string_equal(again, row->text);
}

/* What is no escape of ours stays. */
static void test_unescape(void **state)
{
	static const char *const texts[] = {
		"\\", "\\x", "\\x1", "\\xg0", "\\x0G", "\\x00", "\\n"
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		_cleanup_free_ char *text = text_unescape(texts[i]);

		assert_string_equal(text, texts[i]);
	}
}

/* Every byte there is: only 0x20 to 0x7e come out. */
static void test_escape_all_bytes(void **state)
{
	(void)state;
	for (int byte = 1; byte < 256; byte++) {
		const char text[] = { (char)byte, '\0' };
		_cleanup_free_ char *escaped = text_escape(text);

		for (const char *c = escaped; *c; c++)
			assert_in_range((unsigned char)*c, 0x20, 0x7e);
	}
}

struct name_row {
	const char *a, *b;
	bool equal;
};

static const struct name_row name_rows[] = {
	{ "vfio-pci.ids", "vfio-pci.ids", true },  { "vfio_pci.ids", "vfio-pci.ids", true },
	{ "vfio-pci.ids", "vfio_pci.ids", true },  { "", "", true },
	{ "vfio-pci.id", "vfio-pci.ids", false },  { "vfio-pci.idss", "vfio-pci.ids", false },
	{ "vfio.pci.ids", "vfio-pci.ids", false }, { "VFIO-pci.ids", "vfio-pci.ids", false },
};

static void test_parameter_equal(void **state)
{
	const struct name_row *row = *state;

	assert_int_equal(text_parameter_equal(row->a, row->b), row->equal);
}

struct prefix_row {
	const char *text, *prefix;
	const char *rest; /* NULL when it is no prefix */
};

static const struct prefix_row prefix_rows[] = {
	{ "passthru.on-failure", "passthru.", "on-failure" },
	{ "passthru.", "passthru.", "" },
	{ "a_b-c", "a-b", "-c" },
	{ "passthru", "passthru.", NULL },
	{ "", "passthru.", NULL },
	{ "rd.passthru", "passthru", NULL },
};

static void test_parameter_starts(void **state)
{
	const struct prefix_row *row = *state;
	const char *rest = NULL;

	assert_int_equal(text_parameter_starts(row->text, row->prefix, &rest), row->rest != NULL);
	assert_int_equal(text_parameter_starts(row->text, row->prefix, NULL), row->rest != NULL);
	if (row->rest)
		assert_string_equal(rest, row->rest);
	else
		assert_null(rest);
}

struct list_row {
	const char *list;
	const char *items; /* each in brackets */
};

static const struct list_row list_rows[] = {
	{ "a", "[a]" },
	{ "a,b c,d", "[a][b c][d]" },
	{ ",a,,b,", "[][a][][b][]" },
	{ "", "[]" },
};

static void join(char *item, void *context)
{
	char **joined = context;
	_cleanup_free_ char *before = *joined;

	*joined = memory_printf("%s[%s]", before, item);
	*item = '!'; /* it is writable and nobody else's */
}

static void test_each_item(void **state)
{
	const struct list_row *row = *state;
	_cleanup_free_ char *joined = memory_copy("", 0);

	text_each_item(row->list, join, &joined);
	assert_string_equal(joined, row->items);
}

/* As printf writes them. */
static void test_numbers(void **state)
{
	static const int64_t numbers[] = { 0, 9, 10, -1, 65535, INT64_MAX, INT64_MIN };
	static const uint32_t values[] = { 0, 0xf, 0x10de, 0x10000, UINT32_MAX };
	char text[32], expected[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(expected, sizeof(expected), "%" PRId64, numbers[i]);
		assert_ptr_equal(text_put_number(text, numbers[i]), text + strlen(expected));
		assert_string_equal(text, expected);
	}
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		snprintf(expected, sizeof(expected), "%04" PRIx32, values[i]);
		assert_ptr_equal(text_put_hex(text, values[i], 4), text + strlen(expected));
		assert_string_equal(text, expected);
	}
}

/* By value of an enum, that which is 0 has no word. */
static void test_words(void **state)
{
	static const char *const words[] = { NULL, "yes", "no" };

	(void)state;
	assert_int_equal(text_find("yes", words, ARRAY_SIZE(words)), 1);
	assert_int_equal(text_find("no", words, ARRAY_SIZE(words)), 2);
	assert_int_equal(text_find("ye", words, ARRAY_SIZE(words)), ARRAY_SIZE(words));
	assert_int_equal(text_find("", words, ARRAY_SIZE(words)), ARRAY_SIZE(words));
	assert_true(text_is_one_of("no", words, ARRAY_SIZE(words)));
	assert_false(text_is_one_of("no", words, 2));
	assert_false(text_is_one_of("no", words, 0));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "escape", test_escape, escape_rows);
	suite_add(&suite, "unescape: only what was escaped", test_unescape);
	suite_add(&suite, "escape: every byte", test_escape_all_bytes);
	suite_add_rows(&suite, "parameter name", test_parameter_equal, name_rows);
	suite_add_rows(&suite, "parameter prefix", test_parameter_starts, prefix_rows);
	suite_add_rows(&suite, "list", test_each_item, list_rows);
	suite_add(&suite, "numbers", test_numbers);
	suite_add(&suite, "words", test_words);
	return suite_run(&suite, "text");
}
