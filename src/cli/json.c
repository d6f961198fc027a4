/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/json.h"

#include <stdio.h>

#include "util/cleanup.h"
#include "util/text.h"

void json_put_text(struct json_object *object, const char *key, const char *text)
{
	_cleanup_free_ char *escaped = text && *text ? text_escape(text) : NULL;

	json_object_object_add(object, key, escaped ? json_object_new_string(escaped) : NULL);
}

void json_print(struct json_object *object)
{
	puts(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
							    JSON_C_TO_STRING_NOSLASHESCAPE));
	json_object_put(object);
}
