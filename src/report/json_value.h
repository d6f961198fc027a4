/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) as a tree, to be looked into, changed and written again. What cannot be had for
 * lack of memory ends the process (util/memory.h): a library that goes on with what it got made
 * records of half a host.
 */
#ifndef PASSTHRU_REPORT_JSON_VALUE_H
#define PASSTHRU_REPORT_JSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>

enum json_kind {
	JSON_NULL,
	JSON_FLAG,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT,
};

struct json_value {
	enum json_kind kind;
	const char *key;  /* NULL in an array, and of the whole */
	const char *text; /* of a string; of a number or a flag as it was written; else "" */
	struct json_value *first, *last; /* of an array or object: what is in it, in order */
	struct json_value *previous, *next;
	void *owner; /* free for the user of the tree, NULL at first */
};

/* All values of a tree, and their texts, live as long as this. {0} is an empty one. */
struct json_document {
	struct json_block *blocks;
};

/*
 * Read TEXT of SIZE bytes, with a NUL behind them. 0, or -EBADMSG when it is not one JSON value, or
 * one that is nested deeper than 32. Texts and keys are of printable characters then: every other
 * byte is written as \xNN, as text_escape() does it. A backslash stays, since it begins such an
 * escape when the text has been through here before.
 */
int json_parse(struct json_document *document, const char *text, size_t size,
	       struct json_value **ret);

/* Both for _cleanup_() and for a document that is empty. */
void json_free(struct json_document *document);

/* SIZE zeroed bytes that live as long as DOCUMENT. */
void *json_allocate(struct json_document *document, size_t size);

/* The last member KEY of OBJECT; NULL when there is none, or OBJECT is NULL or no object. */
struct json_value *json_get(const struct json_value *object, const char *key);

/* The first element of ARRAY; NULL when there is none, or ARRAY is NULL or no array. */
struct json_value *json_first(const struct json_value *array);

/* The text of a string, number or flag under KEY of OBJECT, or "". */
const char *json_get_text(const struct json_value *object, const char *key);

/* A value with KEY, which lives as long, and a copy of TEXT, which is of printable characters. */
struct json_value *json_new(struct json_document *document, const char *key, enum json_kind kind,
			    const char *text);

/* Give OBJECT a member KEY, or that one another value; as of json_new(). */
struct json_value *json_set(struct json_document *document, struct json_value *object,
			    const char *key, enum json_kind kind, const char *text);

/* The same for a text from outside, which is escaped; null for NULL and "". */
void json_set_text(struct json_document *document, struct json_value *object, const char *key,
		   const char *text);
void json_set_flag(struct json_document *document, struct json_value *object, const char *key,
		   bool flag);

/* Put VALUE, which is in no array or object, at the end of PARENT, or in the place of OTHER. */
void json_append(struct json_value *parent, struct json_value *value);
void json_replace(struct json_value *parent, struct json_value *other, struct json_value *value);

/* Take VALUE out of PARENT. */
void json_remove(struct json_value *parent, struct json_value *value);

/* The same value; the members of objects in the same order. */
bool json_equal(const struct json_value *a, const struct json_value *b);

#endif
