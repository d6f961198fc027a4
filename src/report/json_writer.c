/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json_writer.h"

#include <string.h>

#include "report/json_value.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define INDENT_MAX 16

static char *put_line(char *out, unsigned depth)
{
	*out++ = '\n';
	for (unsigned i = 0; i < depth * 2 && i < INDENT_MAX; i++)
		*out++ = ' ';
	return out;
}

/* What is between the quotes. Of printable characters, these two have a meaning. */
static char *put_quoted(char *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			*out++ = '\\';
		*out++ = *text;
	}
	return out;
}

static void add_string(struct buffer *buffer, const char *text)
{
	char *out = buffer_extend(buffer, strlen(text) * 2 + strlen("\"\""));

	*out++ = '"';
	out = put_quoted(out, text);
	*out++ = '"';
	buffer_end_at(buffer, out);
}

/* What is before the value of a member. KEY as it is between the quotes. */
static void begin_member(struct json_writer *json, const char *key)
{
	struct buffer *buffer = &json->buffer;
	size_t length = key ? strlen(key) : 0;
	char *out = buffer_extend(buffer, strlen(",\n\"\":") + INDENT_MAX + length);

	if (json->has_members)
		*out++ = ',';
	if (json->depth)
		out = put_line(out, json->depth);
	json->has_members = true;
	if (key) {
		*out++ = '"';
		out = mempcpy(out, key, length);
		*out++ = '"';
		*out++ = ':';
	}
	buffer_end_at(buffer, out);
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
		add_string(&json->buffer, text);
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
	char *out;

	if (json->document) {
		json->open = closed->next;
		closed->next = NULL;
		return;
	}
	json->depth--;
	out = buffer_extend(&json->buffer, strlen("\n]") + INDENT_MAX);
	if (json->has_members)
		out = put_line(out, json->depth);
	*out++ = bracket;
	buffer_end_at(&json->buffer, out);
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

/* A key that was read, as it is between the quotes. The caller frees it. */
static char *quote_key(const char *key)
{
	char *quoted = memory_new(strlen(key) * 2 + 1, 1);

	put_quoted(quoted, key);
	return quoted;
}

void json_write(struct json_writer *json, const char *key, const struct json_value *value)
{
	bool is_array = value->kind == JSON_ARRAY;

	if (!is_array && value->kind != JSON_OBJECT) {
		put(json, key, value->kind, value->text);
		return;
	}
	json_open(json, key, is_array ? '[' : '{');
	for (const struct json_value *in = value->first; in; in = in->next) {
		_cleanup_free_ char *quoted =
			in->key && strpbrk(in->key, "\"\\") ? quote_key(in->key) : NULL;

		json_write(json, quoted ? quoted : in->key, in);
	}
	json_close(json, is_array ? ']' : '}');
}

void json_writer_free(struct json_writer *json)
{
	buffer_free(&json->buffer);
}
