/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON for programs: what all commands with --json do alike. */
#ifndef PASSTHRU_CLI_JSON_H
#define PASSTHRU_CLI_JSON_H

#include <json-c/json.h>

/* KEY with TEXT, escaped; null for NULL and "". */
void json_put_text(struct json_object *object, const char *key, const char *text);

/* Print OBJECT to standard output and release it. */
void json_print(struct json_object *object);

#endif
