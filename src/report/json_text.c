/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json_text.h"

#include <string.h>

static void begin_line(struct json_text *json)
{
	static const char indent[] = "\n                ";
	size_t length = 1 + json->depth * 2;

	buffer_add_bytes(&json->buffer, indent,
			 length < sizeof(indent) ? length : sizeof(indent) - 1);
}

/* Of printable characters, these two have a meaning. strcspn(3) takes longer than all the rest. */
static void add_escaped(struct buffer *buffer, const char *text)
{
	const char *begin = text;

	for (; *text; text++) {
		if (*text != '"' && *text != '\\')
			continue;
		buffer_add_bytes(buffer, begin, (size_t)(text - begin));
		buffer_add_bytes(buffer, "\\", 1);
		begin = text;
	}
	buffer_add_bytes(buffer, begin, (size_t)(text - begin));
}

/* What is before the value of a member. */
static void begin_member(struct json_text *json, const char *key)
{
	struct buffer *buffer = &json->buffer;

	if (json->has_members)
		buffer_add_bytes(buffer, ",", 1);
	if (json->depth)
		begin_line(json);
	json->has_members = true;
	if (!key)
		return;
	buffer_add_bytes(buffer, "\"", 1);
	add_escaped(buffer, key);
	buffer_add_bytes(buffer, "\":", 2);
}

void json_text_open(struct json_text *json, const char *key, char bracket)
{
	begin_member(json, key);
	buffer_add_bytes(&json->buffer, &bracket, 1);
	json->depth++;
	json->has_members = false;
}

void json_text_close(struct json_text *json, char bracket)
{
	json->depth--;
	if (json->has_members)
		begin_line(json);
	buffer_add_bytes(&json->buffer, &bracket, 1);
	json->has_members = true;
}

void json_text_string(struct json_text *json, const char *key, const char *text)
{
	begin_member(json, key);
	if (!text) {
		buffer_add(&json->buffer, "null");
		return;
	}
	buffer_add_bytes(&json->buffer, "\"", 1);
	add_escaped(&json->buffer, text);
	buffer_add_bytes(&json->buffer, "\"", 1);
}

void json_text_number(struct json_text *json, const char *key, int64_t number)
{
	begin_member(json, key);
	buffer_add_number(&json->buffer, number);
}

void json_text_word(struct json_text *json, const char *key, const char *word)
{
	begin_member(json, key);
	buffer_add(&json->buffer, word);
}

void json_text_flag(struct json_text *json, const char *key, bool flag)
{
	json_text_word(json, key, flag ? "true" : "false");
}

void json_text_free(struct json_text *json)
{
	buffer_free(&json->buffer);
}
