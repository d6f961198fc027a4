/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/json_value.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define DEPTH_MAX  32
#define BLOCK_SIZE 8192 /* of the first; each is twice as large as the one before, up to: */
#define BLOCK_MAX  (1 << 20)
#define ALIGNMENT  _Alignof(max_align_t)

/* --- memory: all of it is given back at once */

struct json_block {
	struct json_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

static struct json_block *add_block(struct json_document *document, size_t size)
{
	size_t room = document->blocks ? document->blocks->size * 2 : BLOCK_SIZE;
	struct json_block *block;

	room = room < BLOCK_MAX ? room : BLOCK_MAX;
	room = room > size ? room : size;
	block = memory_new(1, sizeof(*block) + room);
	block->size = room;
	block->next = document->blocks;
	document->blocks = block;
	return block;
}

void *json_allocate(struct json_document *document, size_t size)
{
	struct json_block *block = document->blocks;
	void *memory;

	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (!block || block->size - block->used < size)
		block = add_block(document, size);
	memory = block->bytes + block->used;
	block->used += size;
	return memory;
}

static const char *copy(struct json_document *document, const char *text, size_t length)
{
	char *copied = json_allocate(document, length + 1);

	memcpy(copied, text, length);
	return copied;
}

void json_free(struct json_document *document)
{
	while (document->blocks) {
		struct json_block *block = document->blocks;

		document->blocks = block->next;
		free(block);
	}
}

static struct json_value *new_value(struct json_document *document, enum json_kind kind)
{
	struct json_value *value = json_allocate(document, sizeof(*value));

	value->kind = kind;
	value->text = "";
	return value;
}

static void set_value(struct json_document *document, struct json_value *value, enum json_kind kind,
		      const char *text)
{
	value->kind = kind;
	value->text = *text ? copy(document, text, strlen(text)) : "";
	value->first = value->last = NULL;
}

struct json_value *json_new(struct json_document *document, const char *key, enum json_kind kind,
			    const char *text)
{
	struct json_value *value = json_allocate(document, sizeof(*value));

	value->key = key;
	set_value(document, value, kind, text);
	return value;
}

/* --- the parser: each function goes on at ->at, and returns false for what is not JSON */

struct parser {
	struct json_document *document;
	const char *at; /* of a terminated text */
	unsigned depth;
};

static void skip_blanks(struct parser *parser)
{
	parser->at += strspn(parser->at, " \t\r\n");
}

static bool accept(struct parser *parser, char c)
{
	skip_blanks(parser);
	if (*parser->at != c)
		return false;
	parser->at++;
	return true;
}

/* Four digits of "\uXXXX"; UINT32_MAX for anything else. */
static uint32_t read_unit(struct parser *parser)
{
	uint32_t unit = 0;

	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = *parser->at ? strchr(digits, *parser->at) : NULL;

		if (!digit)
			return UINT32_MAX;
		unit = unit << 4 | ((uint32_t)(digit - digits) & 0xf);
		parser->at++;
	}
	return unit;
}

static bool is_surrogate(uint32_t unit, uint32_t first)
{
	return unit >= first && unit < first + 0x400;
}

/* UTF-16 has two units for a character above 0xffff. One alone is none. */
static uint32_t read_character(struct parser *parser)
{
	uint32_t unit = read_unit(parser), low;
	const char *after = parser->at;

	if (is_surrogate(unit, 0xd800) && strncmp(parser->at, "\\u", 2) == 0) {
		parser->at += 2;
		low = read_unit(parser);
		if (is_surrogate(low, 0xdc00))
			return 0x10000 + ((unit - 0xd800) << 10 | (low - 0xdc00));
		parser->at = after;
	}
	return is_surrogate(unit, 0xd800) || is_surrogate(unit, 0xdc00) ? 0xfffd : unit;
}

static void put_byte(struct buffer *text, uint32_t byte)
{
	const char c = (char)byte;

	if (byte >= 0x20 && byte <= 0x7e) {
		buffer_add_bytes(text, &c, 1);
		return;
	}
	buffer_add_bytes(text, "\\x", 2);
	buffer_add_hex(text, byte, 2);
}

/* UTF-8 (RFC 3629) */
static void put_character(struct buffer *text, uint32_t character)
{
	if (character < 0x80) {
		put_byte(text, character);
		return;
	}
	if (character < 0x800) {
		put_byte(text, 0xc0 | character >> 6);
	} else if (character < 0x10000) {
		put_byte(text, 0xe0 | character >> 12);
		put_byte(text, 0x80 | (character >> 6 & 0x3f));
	} else {
		put_byte(text, 0xf0 | character >> 18);
		put_byte(text, 0x80 | (character >> 12 & 0x3f));
		put_byte(text, 0x80 | (character >> 6 & 0x3f));
	}
	put_byte(text, 0x80 | (character & 0x3f));
}

/* Behind a backslash */
static bool read_escape(struct parser *parser, struct buffer *text)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	const char *letter = *parser->at ? strchr(letters, *parser->at) : NULL;
	uint32_t character;

	if (letter) {
		parser->at++;
		put_byte(text, (unsigned char)meanings[letter - letters]);
		return true;
	}
	if (*parser->at != 'u')
		return false;
	parser->at++;
	character = read_character(parser);
	if (character == UINT32_MAX)
		return false;
	put_character(text, character);
	return true;
}

/* The rest of a string that has more in it than printable characters. */
static bool read_rest(struct parser *parser, struct buffer *text)
{
	while (*parser->at && *parser->at != '"') {
		unsigned char c = (unsigned char)*parser->at++;

		if (c != '\\')
			put_byte(text, c);
		else if (!read_escape(parser, text))
			return false;
	}
	return *parser->at++ == '"';
}

static const char *read_string(struct parser *parser)
{
	_cleanup_(buffer_free) struct buffer text = { 0 };
	const char *begin = ++parser->at;

	while (*parser->at >= 0x20 && *parser->at <= 0x7e && *parser->at != '"' &&
	       *parser->at != '\\')
		parser->at++;
	if (*parser->at == '"')
		return copy(parser->document, begin, (size_t)(parser->at++ - begin));
	buffer_add_bytes(&text, begin, (size_t)(parser->at - begin));
	if (!read_rest(parser, &text))
		return NULL;
	return copy(parser->document, text.text, text.length);
}

static size_t count_digits(const char *text)
{
	return strspn(text, "0123456789");
}

/* The length of the number at TEXT, 0 when there is none. */
static size_t number_length(const char *text)
{
	const char *at = text + (*text == '-');
	size_t digits = count_digits(at);

	if (!digits || (*at == '0' && digits > 1))
		return 0;
	at += digits;
	if (*at == '.') {
		digits = count_digits(++at);
		if (!digits)
			return 0;
		at += digits;
	}
	if (*at == 'e' || *at == 'E') {
		at++;
		at += *at == '+' || *at == '-';
		digits = count_digits(at);
		if (!digits)
			return 0;
		at += digits;
	}
	return (size_t)(at - text);
}

static struct json_value *read_word(struct parser *parser)
{
	static const struct {
		const char *word;
		enum json_kind kind;
	} words[] = { { "null", JSON_NULL }, { "true", JSON_FLAG }, { "false", JSON_FLAG } };
	size_t length = number_length(parser->at);
	struct json_value *value;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strncmp(parser->at, words[i].word, strlen(words[i].word)) != 0)
			continue;
		parser->at += strlen(words[i].word);
		value = new_value(parser->document, words[i].kind);
		value->text = words[i].kind == JSON_FLAG ? words[i].word : "";
		return value;
	}
	if (!length)
		return NULL;
	value = new_value(parser->document, JSON_NUMBER);
	value->text = copy(parser->document, parser->at, length);
	parser->at += length;
	return value;
}

static struct json_value *read_value(struct parser *parser);

static bool read_element(struct parser *parser, struct json_value *parent)
{
	struct json_value *value;
	const char *key = NULL;

	if (parent->kind == JSON_OBJECT) {
		skip_blanks(parser);
		if (*parser->at != '"')
			return false;
		key = read_string(parser);
		if (!key || !accept(parser, ':'))
			return false;
	}
	value = read_value(parser);
	if (!value)
		return false;
	value->key = key;
	json_append(parent, value);
	return true;
}

/* An array or object; its bracket has been read. */
static struct json_value *read_elements(struct parser *parser, enum json_kind kind, char close)
{
	struct json_value *value = new_value(parser->document, kind);

	if (accept(parser, close))
		return value;
	if (parser->depth == DEPTH_MAX)
		return NULL;
	parser->depth++;
	do {
		if (!read_element(parser, value))
			return NULL;
	} while (accept(parser, ','));
	parser->depth--;
	return accept(parser, close) ? value : NULL;
}

static struct json_value *read_value(struct parser *parser)
{
	struct json_value *value;

	if (accept(parser, '{'))
		return read_elements(parser, JSON_OBJECT, '}');
	if (accept(parser, '['))
		return read_elements(parser, JSON_ARRAY, ']');
	if (*parser->at != '"')
		return read_word(parser);
	value = new_value(parser->document, JSON_STRING);
	value->text = read_string(parser);
	return value->text ? value : NULL;
}

int json_parse(struct json_document *document, const char *text, size_t size,
	       struct json_value **ret)
{
	struct parser parser = { .document = document, .at = text };
	struct json_value *value = read_value(&parser);

	if (!value)
		return -EBADMSG;
	skip_blanks(&parser);
	if (parser.at != text + size) /* there may be a NUL in it */
		return -EBADMSG;
	*ret = value;
	return 0;
}

/* --- looking into it */

struct json_value *json_get(const struct json_value *object, const char *key)
{
	struct json_value *member = object && object->kind == JSON_OBJECT ? object->last : NULL;

	while (member && strcmp(member->key, key) != 0)
		member = member->previous;
	return member;
}

struct json_value *json_first(const struct json_value *array)
{
	return array && array->kind == JSON_ARRAY ? array->first : NULL;
}

const char *json_get_text(const struct json_value *object, const char *key)
{
	const struct json_value *member = json_get(object, key);

	return member ? member->text : "";
}

bool json_equal(const struct json_value *a, const struct json_value *b)
{
	const struct json_value *in_a = a->first, *in_b = b->first;

	if (a->kind != b->kind || strcmp(a->text, b->text) != 0)
		return false;
	for (; in_a && in_b; in_a = in_a->next, in_b = in_b->next) {
		if (in_a->key && strcmp(in_a->key, in_b->key) != 0)
			return false;
		if (!json_equal(in_a, in_b))
			return false;
	}
	return !in_a && !in_b;
}

/* --- changing it */

void json_append(struct json_value *parent, struct json_value *value)
{
	value->previous = parent->last;
	value->next = NULL;
	if (parent->last)
		parent->last->next = value;
	else
		parent->first = value;
	parent->last = value;
}

void json_remove(struct json_value *parent, struct json_value *value)
{
	if (value->previous)
		value->previous->next = value->next;
	else
		parent->first = value->next;
	if (value->next)
		value->next->previous = value->previous;
	else
		parent->last = value->previous;
	value->previous = value->next = NULL;
}

void json_replace(struct json_value *parent, struct json_value *other, struct json_value *value)
{
	value->previous = other->previous;
	value->next = other->next;
	if (value->previous)
		value->previous->next = value;
	else
		parent->first = value;
	if (value->next)
		value->next->previous = value;
	else
		parent->last = value;
	other->previous = other->next = NULL;
}

struct json_value *json_set(struct json_document *document, struct json_value *object,
			    const char *key, enum json_kind kind, const char *text)
{
	struct json_value *member = json_get(object, key);

	if (member) {
		set_value(document, member, kind, text);
		return member;
	}
	member = json_new(document, key, kind, text);
	json_append(object, member);
	return member;
}

void json_set_text(struct json_document *document, struct json_value *object, const char *key,
		   const char *text)
{
	_cleanup_free_ char *escaped = text && *text ? text_escape(text) : NULL;

	json_set(document, object, key, escaped ? JSON_STRING : JSON_NULL, escaped ? escaped : "");
}

void json_set_flag(struct json_document *document, struct json_value *object, const char *key,
		   bool flag)
{
	json_set(document, object, key, JSON_FLAG, flag ? "true" : "false");
}
