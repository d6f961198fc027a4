/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json_writer.h"

#include <string.h>

#include "report/json_value.h"
#include "util/cleanup.h"
#include "util/text.h"

static void begin_line(struct json_writer *json)
{
	static const char indent[] = "\n                ";
	size_t length = 1 + json->depth * 2;

	buffer_add_bytes(&json->buffer, indent,
			 length < sizeof(indent) ? length : sizeof(indent) - 1);
}

/* Of printable characters, these two have a meaning. strcspn(3) takes longer than all the rest. */
static void add_quoted(struct buffer *buffer, const char *text)
{
	const char *begin = text;

	buffer_add_bytes(buffer, "\"", 1);
	for (; *text; text++) {
		if (*text != '"' && *text != '\\')
			continue;
		buffer_add_bytes(buffer, begin, (size_t)(text - begin));
		buffer_add_bytes(buffer, "\\", 1);
		begin = text;
	}
	buffer_add_bytes(buffer, begin, (size_t)(text - begin));
	buffer_add_bytes(buffer, "\"", 1);
}

/* What is before the value of a member. */
static void begin_member(struct json_writer *json, const char *key)
{
	struct buffer *buffer = &json->buffer;

	if (json->has_members)
		buffer_add_bytes(buffer, ",", 1);
	if (json->depth)
		begin_line(json);
	json->has_members = true;
	if (!key)
		return;
	add_quoted(buffer, key);
	buffer_add_bytes(buffer, ":", 1);
}

static struct json_value *add_value(struct json_writer *json, const char *key, enum json_kind kind,
				    const char *text)
{
	struct json_value *value = json_new(json->document, key, kind, text);

	if (json->open)
		json_append(json->open, value);
	else
		json->whole = value;
	return value;
}

/* One that is neither object nor array, with its text as of struct json_value. */
static void put(struct json_writer *json, const char *key, enum json_kind kind, const char *text)
{
	if (json->document) {
		add_value(json, key, kind, text);
		return;
	}
	begin_member(json, key);
	if (kind == JSON_STRING)
		add_quoted(&json->buffer, text);
	else
		buffer_add(&json->buffer, kind == JSON_NULL ? "null" : text);
}

void json_open(struct json_writer *json, const char *key, char bracket)
{
	struct json_value *value;

	if (json->document) {
		value = add_value(json, key, bracket == '{' ? JSON_OBJECT : JSON_ARRAY, "");
		value->next = json->open;
		json->open = value;
		return;
	}
	begin_member(json, key);
	buffer_add_bytes(&json->buffer, &bracket, 1);
	json->depth++;
	json->has_members = false;
}

void json_close(struct json_writer *json, char bracket)
{
	struct json_value *closed = json->open;

	if (json->document) {
		json->open = closed->next;
		closed->next = NULL;
		return;
	}
	json->depth--;
	if (json->has_members)
		begin_line(json);
	buffer_add_bytes(&json->buffer, &bracket, 1);
	json->has_members = true;
}

void json_string(struct json_writer *json, const char *key, const char *text)
{
	put(json, key, text ? JSON_STRING : JSON_NULL, text ? text : "");
}

void json_text(struct json_writer *json, const char *key, const char *text)
{
	_cleanup_free_ char *escaped = NULL;

	if (text && !text_is_plain(text))
		escaped = text_escape(text);
	json_string(json, key, escaped ? escaped : text && *text ? text : NULL);
}

void json_number(struct json_writer *json, const char *key, int64_t number)
{
	char text[sizeof("-9223372036854775808")];

	text_put_number(text, number);
	put(json, key, JSON_NUMBER, text);
}

void json_flag(struct json_writer *json, const char *key, bool flag)
{
	put(json, key, JSON_FLAG, flag ? "true" : "false");
}

void json_write(struct json_writer *json, const char *key, const struct json_value *value)
{
	bool is_array = value->kind == JSON_ARRAY;

	if (!is_array && value->kind != JSON_OBJECT) {
		put(json, key, value->kind, value->text);
		return;
	}
	json_open(json, key, is_array ? '[' : '{');
	for (const struct json_value *in = value->first; in; in = in->next)
		json_write(json, in->key, in);
	json_close(json, is_array ? ']' : '}');
}

void json_writer_free(struct json_writer *json)
{
	buffer_free(&json->buffer);
}
