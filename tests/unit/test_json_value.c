/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Our own JSON, beside another's. */
#include "helpers.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "random.h"
#include "report/json_value.h"
#include "report/json_writer.h"
#include "util/memory.h"

/* TEXT read and written again, without blanks between what it is made of; NULL for what is none. */
static char *rewrite(const char *text, size_t size)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	_cleanup_(json_writer_free) struct json_writer json = { 0 };
	struct json_value *value = NULL;
	struct json_object *object;
	char *written;

	if (json_parse(&document, text, size, &value) < 0)
		return NULL;
	json_write(&json, NULL, value);
	object = json_tokener_parse(json.buffer.text);
	written = memory_printf("%s", json_object_to_json_string_ext(
					      object, JSON_C_TO_STRING_PLAIN |
							      JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
	return written;
}

static const struct text_row {
	const char *text;
	const char *written; /* NULL when it is not JSON */
} text_rows[] = {
	{ "null", "null" },
	{ " true ", "true" },
	{ "\t{ \"a\" : [ ] ,\n\"b\":{}}\r\n", "{\"a\":[],\"b\":{}}" },
	{ "[0,-1,12345678901,1.50,-0.5e3,2E-7]", "[0,-1,12345678901,1.50,-0.5e3,2E-7]" },
	{ "[[[1],[]],{\"a\":{\"b\":[false]}}]", "[[[1],[]],{\"a\":{\"b\":[false]}}]" },
	{ "\"\"", "\"\"" },
	{ "\"a\\\"b\\/c\"", "\"a\\\"b/c\"" },
	/* Once escaped, always the same. */
	{ "\"a\\\\x5cb\\\\c\"", "\"a\\\\x5cb\\\\c\"" },
	{ "\"\\n\\t\\u001b\\u0000\"", "\"\\\\x0a\\\\x09\\\\x1b\\\\x00\"" },
	{ "\"\033\x7f\xff\n\"", "\"\\\\x1b\\\\x7f\\\\xff\\\\x0a\"" },
	{ "\"\\u0041\\u00e9\\u20AC\\ud83d\\ude00\"",
	  "\"A\\\\xc3\\\\xa9\\\\xe2\\\\x82\\\\xac\\\\xf0\\\\x9f\\\\x98\\\\x80\"" },
	{ "\"\\ud800x\\ude00\\ud800\\u0041\"",
	  "\"\\\\xef\\\\xbf\\\\xbdx\\\\xef\\\\xbf\\\\xbd\\\\xef\\\\xbf\\\\xbdA\"" },
	{ "{\"a\\u001b\\\"\":1}", "{\"a\\\\x1b\\\"\":1}" },
	{ "", NULL },
	{ " ", NULL },
	{ "nul", NULL },
	{ "nullx", NULL },
	{ "1 2", NULL },
	{ "01", NULL },
	{ "1.", NULL },
	{ "1e", NULL },
	{ ".5", NULL },
	{ "+1", NULL },
	{ "-", NULL },
	{ "NaN", NULL },
	{ "[1,]", NULL },
	{ "[,1]", NULL },
	{ "[1", NULL },
	{ "[1}", NULL },
	{ "]", NULL },
	{ "{\"a\"}", NULL },
	{ "{\"a\":}", NULL },
	{ "{\"a\":1,}", NULL },
	{ "{a:1}", NULL },
	{ "{1:1}", NULL },
	{ "{\"a\" 1}", NULL },
	{ "'a'", NULL },
	{ "\"a", NULL },
	{ "\"a\\", NULL },
	{ "\"\\x41\"", NULL },
	{ "\"\\u12\"", NULL },
	{ "\"\\ud800\\u\"", NULL },
	{ "/* */ 1", NULL },
};

static void test_text(void **state)
{
	const struct text_row *row = *state;
	_cleanup_free_ char *written = rewrite(row->text, strlen(row->text));

	if (!row->written)
		assert_null(written);
	else if (!written || strcmp(written, row->written) != 0)
		fail_showing(row->written, written ? written : "(not read)");
}

static void test_nul(void **state)
{
	static const char text[] = "[1]\0";

	(void)state;
	assert_null(rewrite(text, sizeof(text)));
	assert_null(rewrite("\"a\0b\"", 5));
}

/* The report may have been tampered with: it must not exhaust the stack. */
static void test_depth(void **state)
{
	_cleanup_(json_free) struct json_document document = { 0 };
	char text[200];
	struct json_value *value;

	(void)state;
	memset(text, '[', 33);
	memset(text + 33, ']', 33);
	assert_int_equal(json_parse(&document, text, 66, &value), 0);
	text[66] = '\0';
	memset(text, '[', 100);
	memset(text + 100, ']', 99);
	text[199] = '\0';
	assert_int_equal(json_parse(&document, text, 199, &value), -EBADMSG);
}

static void test_change(void **state)
{
	static const char text[] = "{\"a\":1,\"b\":[{\"c\":2},{\"c\":3},{\"c\":4}],\"a\":5}";
	_cleanup_(json_free) struct json_document document = { 0 };
	_cleanup_(json_writer_free) struct json_writer json = { 0 };
	struct json_value *value, *list, *first, *middle;

	(void)state;
	assert_int_equal(json_parse(&document, text, strlen(text), &value), 0);
	assert_string_equal(json_get_text(value, "a"), "5"); /* as other readers see it */
	assert_string_equal(json_get_text(value, "b"), "");
	assert_string_equal(json_get_text(value, "x"), "");
	assert_null(json_get(NULL, "a"));
	list = json_get(value, "b");
	assert_null(json_get(list, "a"));
	first = list->first;
	middle = first->next;
	json_remove(list, middle);
	json_replace(list, first, middle);
	json_append(list, first);
	json_set_text(&document, middle, "c", "x\ny");
	json_set_text(&document, middle, "d", "");
	json_set_flag(&document, middle, "e", true);
	json_write(&json, NULL, list);
	assert_string_equal(json.buffer.text, "[\n"
					      "  {\n"
					      "    \"c\":\"x\\\\x0ay\",\n"
					      "    \"d\":null,\n"
					      "    \"e\":true\n"
					      "  },\n"
					      "  {\n"
					      "    \"c\":4\n"
					      "  },\n"
					      "  {\n"
					      "    \"c\":2\n"
					      "  }\n"
					      "]");
	assert_true(json_equal(list, list));
	assert_false(json_equal(list->first, list->last));
	assert_ptr_equal(list->last->previous->previous, list->first);
}

/* Texts of what JSON is made of: what we read, another reader reads as the same. */
static void test_random(void **state)
{
	static const char *const pieces[] = { "{",    "}",       "[",      "]",  ",",
					      ":",    "\"a\"",   "1",      "-2", "true",
					      "null", "\"\\n\"", "\"b\":", " " };
	struct random random = { 1 };

	(void)state;
	for (int i = 0; i < 20000; i++) {
		char text[64] = "";
		_cleanup_free_ char *written = NULL;
		struct json_object *object;

		for (unsigned n = random_below(&random, 9); n; n--)
			strcat(text, pieces[random_below(&random, ARRAY_SIZE(pieces))]);
		written = rewrite(text, strlen(text));
		if (!written)
			continue;
		object = json_tokener_parse_verbose(text, &(enum json_tokener_error){ 0 });
		if (!strstr(text, "\\n"))
			assert_string_equal(written,
					    json_object_to_json_string_ext(object,
									   JSON_C_TO_STRING_PLAIN));
		json_object_put(object);
	}
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "text", test_text, text_rows);
	suite_add(&suite, "a NUL", test_nul);
	suite_add(&suite, "depth", test_depth);
	suite_add(&suite, "change", test_change);
	suite_add(&suite, "random", test_random);
	return suite_run(&suite, "json_value");
}
