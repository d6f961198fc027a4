/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259), written as it goes: as text, or as values of a document. The report of many
 * devices, written twice in a boot, took a fifth of the agent's time as objects of a library. Laid
 * out as json-c's JSON_C_TO_STRING_PRETTY does it.
 */
#ifndef PASSTHRU_REPORT_JSON_WRITER_H
#define PASSTHRU_REPORT_JSON_WRITER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct json_document;
struct json_value;

/* {0} writes text. With ->document set, ->whole is what was made in it. */
struct json_writer {
	struct buffer buffer;
	unsigned depth;
	bool has_members; /* the innermost object or array has some already */

	struct json_document *document;
	struct json_value *whole;
	struct json_value *open; /* the innermost; ->next of each is the one around it until then */
};

/* For _cleanup_(). What is in ->document stays. */
void json_writer_free(struct json_writer *json);

/*
 * KEY, which is a literal, is NULL in an array, and for the whole. BRACKET is '{' or '[', then '}'
 * or ']'.
 */
void json_open(struct json_writer *json, const char *key, char bracket);
void json_close(struct json_writer *json, char bracket);

/* TEXT of printable characters; null for NULL. */
void json_string(struct json_writer *json, const char *key, const char *text);

/* TEXT, which may come from outside and is escaped (text_escape()); null for NULL and "". */
void json_text(struct json_writer *json, const char *key, const char *text);

void json_number(struct json_writer *json, const char *key, int64_t number);
void json_flag(struct json_writer *json, const char *key, bool flag);

/* All of VALUE; only as text. */
void json_write(struct json_writer *json, const char *key, const struct json_value *value);

#endif
