/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON: what is read is what another reader reads, and written again it is the same. */
#include "fuzz.h"

#include <json-c/json.h>
#include <string.h>

#include "report/json_value.h"
#include "report/json_writer.h"
#include "util/memory.h"

static void check_plain(const struct json_value *value)
{
	must(!value->key || fuzz_is_plain(value->key), "json-plain", "key %s", value->key);
	must(fuzz_is_plain(value->text), "json-plain", "%s", value->text);
	for (const struct json_value *child = value->first; child; child = child->next)
		check_plain(child);
}

/* A byte that would be escaped makes the texts of both differ, so only their kinds are compared. */
static void check_same(const struct json_value *ours, struct json_object *theirs, bool is_plain)
{
	static const enum json_type types[] = {
		[JSON_NULL] = json_type_null,     [JSON_FLAG] = json_type_boolean,
		[JSON_NUMBER] = json_type_double, [JSON_STRING] = json_type_string,
		[JSON_ARRAY] = json_type_array,   [JSON_OBJECT] = json_type_object,
	};
	size_t count = 0;

	must(json_object_is_type(theirs, types[ours->kind]) ||
		     (ours->kind == JSON_NUMBER && json_object_is_type(theirs, json_type_int)),
	     "json-kind", "%d is %s", ours->kind, json_type_to_name(json_object_get_type(theirs)));
	if (ours->kind == JSON_STRING && is_plain)
		must(strcmp(ours->text, json_object_get_string(theirs)) == 0, "json-text", "%s",
		     ours->text);
	for (const struct json_value *child = ours->first; child; child = child->next) {
		struct json_object *its = ours->kind == JSON_ARRAY
						  ? json_object_array_get_idx(theirs, count)
						  : json_object_object_get(theirs, child->key);

		count++;
		/* Of a member that is there twice, each has kept one. */
		if (ours->kind == JSON_ARRAY || (is_plain && json_get(ours, child->key) == child))
			check_same(child, its, is_plain);
	}
	if (ours->kind == JSON_ARRAY)
		must(count == json_object_array_length(theirs), "json-count", "%zu", count);
}

static struct json_object *read_otherwise(const char *text, size_t size)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *object = json_tokener_parse_ex(tokener, text, (int)size);

	must(json_tokener_get_error(tokener) == json_tokener_success ||
		     json_tokener_get_error(tokener) == json_tokener_continue,
	     "json-accepts", "what another reader does not: %.*s", (int)size, text);
	json_tokener_free(tokener);
	return object;
}

static void check_writing(struct json_value *value)
{
	struct json_writer text = { 0 };
	struct json_document document = { 0 };
	struct json_value *again;

	json_write(&text, NULL, value);
	must(json_parse(&document, text.buffer.text, text.buffer.length, &again) == 0 &&
		     json_equal(value, again),
	     "json-round-trip", "%s", text.buffer.text);
	json_free(&document);
	buffer_free(&text.buffer);
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = memory_copy((const char *)data, size);
	struct json_document document = { 0 };
	struct json_object *theirs;
	struct json_value *value;
	bool is_plain = true;

	if (json_parse(&document, text, size, &value) == 0) {
		check_plain(value);
		for (size_t i = 0; i < size; i++)
			is_plain &= data[i] >= 0x20 && data[i] <= 0x7e && data[i] != '\\';
		/* It ends numbers with what is behind them. */
		if (memchr("{[\"tfn", *text, 6)) {
			/* With the NUL, so that it knows where a word ends. */
			theirs = read_otherwise(text, size + 1);
			check_same(value, theirs, is_plain);
			json_object_put(theirs);
		}
		check_writing(value);
	}
	json_free(&document);
}

static const char *const seeds[] = {
	"{\"a\":[1,-2.5e3,true,false,null,\"x\\\\\\\"\\/\\b\\n\\u00e9\"],\"b\":{\"c\":{}}}",
	"[[[[]]]]", "\"text\"", "{\"a\":1,\"a\":2}", NULL
};
static const char *const words[] = { "{",    "}",    "[",     "]",    ":",       ",",
				     "\"",   "true", "false", "null", "\\u001b", "\\ud800\\udc00",
				     "\\\\", "1e9",  "-0",    NULL };

FUZZ_TARGET(json, .run = run, .seeds = seeds, .words = words)
