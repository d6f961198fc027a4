/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel command line, cut into parameters. */
#include "fuzz.h"

#include <string.h>

#include "util/memory.h"
#include "util/parameter.h"

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* How long the next word is, by the rule alone: blanks end it, unless an odd quote is open. */
static size_t word_length(const char *text)
{
	size_t length = 0, quotes = 0;

	while (text[length] && (quotes % 2 || !is_space(text[length]))) {
		quotes += text[length] == '"';
		length++;
	}
	return length;
}

/* A name and a value of the word of LENGTH bytes at TEXT, with quotes taken off as it is told. */
static void check_word(const char *text, size_t length, const struct parameter *parameter)
{
	size_t name = strlen(parameter->name);
	size_t value = parameter->value ? strlen(parameter->value) : 0;

	must(!strchr(parameter->name, '='), "parameter", "a name with '=': %s", parameter->name);
	must(name + value + (parameter->value != NULL) <= length, "parameter",
	     "%.*s becomes longer", (int)length, text);
	must(length - name - value - (parameter->value != NULL) <= 4, "parameter",
	     "%.*s loses more than its quotes", (int)length, text);
	if (!memchr(text, '"', length)) {
		const char *equals = memchr(text, '=', length);

		must(strncmp(text, parameter->name, name) == 0 &&
			     (equals ? (size_t)(equals - text) == name : length == name),
		     "parameter", "%.*s is called %s", (int)length, text, parameter->name);
	}
}

static void run(const uint8_t *data, size_t size)
{
	_cleanup_free_ char *text = fuzz_text(data, size);
	_cleanup_free_ char *copy = memory_copy(text, strlen(text));
	struct parameter parameter;
	const char *at = text;

	for (char *rest = copy; (rest = parameter_next(rest, &parameter));) {
		size_t length;

		while (is_space(*at))
			at++;
		length = word_length(at);
		must(length, "parameter", "one more than there are, %s", parameter.name);
		check_word(at, length, &parameter);
		at += length;
	}
	while (is_space(*at))
		at++;
	/* "--" alone, also in quotes, ends it before the text does. */
	must(!*at || strncmp(at + strspn(at, "\""), "--", 2) == 0, "parameter", "%s is left", at);
}

static const char *const seeds[] = { "ro quiet root=/dev/vda1 \"a b=c\" x=\"1 2\" -- init", "a=\"b",
				     "\"a=b\"", "-- x", NULL };

FUZZ_TARGET(parameter, .run = run, .seeds = seeds, .size_max = 512)
