/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) as text, written as it goes: the report of many devices, written twice in a boot,
 * took a fifth of the agent's time as objects of a library. Laid out as json-c's
 * JSON_C_TO_STRING_PRETTY does it. Texts must be of printable characters (text_escape()), keys
 * as well.
 */
#ifndef PASSTHRU_REPORT_JSON_TEXT_H
#define PASSTHRU_REPORT_JSON_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "util/buffer.h"

struct json_text {
	struct buffer buffer;
	unsigned depth;
	bool has_members; /* the innermost object or array has some already */
};

/* For _cleanup_(). */
void json_text_free(struct json_text *json);

/* KEY is NULL in an array, and for the whole. BRACKET is '{' or '[', then '}' or ']'. */
void json_text_open(struct json_text *json, const char *key, char bracket);
void json_text_close(struct json_text *json, char bracket);

/* TEXT; null for NULL. */
void json_text_string(struct json_text *json, const char *key, const char *text);

void json_text_number(struct json_text *json, const char *key, int64_t number);
/* A number or another WORD as it is to be. */
void json_text_word(struct json_text *json, const char *key, const char *word);

void json_text_flag(struct json_text *json, const char *key, bool flag);

#endif
