/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "util/parameter.h"

#include <stdbool.h>
#include <string.h>

#include "util/text.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Take one pair of quotes off TEXT, whose closing one may be missing or stand at the end. */
static char *unquote(char *text)
{
	size_t length;

	if (*text != '"')
		return text;
	length = strlen(++text);
	if (length && text[length - 1] == '"')
		text[length - 1] = '\0';
	return text;
}

char *parameter_next(char *text, struct parameter *ret)
{
	bool quoted = false;
	char *end, *equals;

	while (is_space(*text))
		text++;
	if (!*text)
		return NULL;
	for (end = text; *end && (quoted || !is_space(*end)); end++) {
		if (*end == '"')
			quoted = !quoted;
	}
	if (*end)
		*end++ = '\0';
	/* The quotes may stand around the value or around the whole parameter. */
	text = unquote(text);
	equals = strchr(text, '=');
	if (equals)
		*equals++ = '\0';
	*ret = (struct parameter){ text, equals ? unquote(equals) : NULL };
	/* What follows is for init. */
	return streq(ret->name, "--") && !ret->value ? NULL : end;
}
