/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/shell.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

/* One value that is being read. */
struct word {
	char *out;
	char quote;    /* ' or ", or 0 */
	bool in_array; /* (...) */
};

/* What the backslash at TEXT stands for. Returns how much of TEXT it takes up. */
static size_t read_escape(struct word *word, const char *text)
{
	if (text[1] == '\n')
		return 2;
	/* Between double quotes it stays, but before these. */
	if (!text[1] || (word->quote == '"' && !strchr("\"\\$`", text[1]))) {
		*word->out++ = '\\';
		return 1;
	}
	*word->out++ = text[1];
	return 2;
}

static bool toggles_quote(const struct word *word, char c)
{
	return word->quote ? c == word->quote : c == '"' || c == '\'';
}

/* Read a value at TEXT into WORD. Returns what is behind it. */
static const char *read_value(struct word *word, const char *text)
{
	if (*text == '(') {
		word->in_array = true;
		text++;
	}
	while (*text) {
		if (*text == '\\' && word->quote != '\'') {
			text += read_escape(word, text);
			continue;
		}
		if (!word->quote && *text == ')' && word->in_array)
			break;
		if (!word->quote && !word->in_array &&
		    (isspace((unsigned char)*text) || *text == ';'))
			break;
		if (toggles_quote(word, *text))
			word->quote = word->quote ? 0 : *text;
		else
			*word->out++ = *text;
		text++;
	}
	*word->out = '\0';
	return text;
}

/* The length of the name at TEXT if an assignment follows it, else 0. */
static size_t name_length(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	if (text[length] == '=' || (text[length] == '+' && text[length + 1] == '='))
		return length;
	return 0;
}

/* What is behind the blanks, and behind an "export" there. */
static const char *skip_export(const char *text)
{
	static const char word[] = "export";
	size_t blanks;

	text += strspn(text, " \t");
	if (strncmp(text, word, strlen(word)) != 0)
		return text;
	blanks = strspn(text + strlen(word), " \t");
	return blanks ? text + strlen(word) + blanks : text;
}

static unsigned count_lines(const char *start, const char *end)
{
	unsigned count = 0;

	while ((start = memchr(start, '\n', (size_t)(end - start)))) {
		start++;
		count++;
	}
	return count;
}

void shell_each_assignment(const char *text,
			   void (*function)(const char *name, const char *value, unsigned line,
					    void *context),
			   void *context)
{
	_cleanup_free_ char *value = memory_new(strlen(text) + 1, 1);
	unsigned line = 1;

	while (*text) {
		size_t length;

		text = skip_export(text);
		length = name_length(text);
		if (length) {
			_cleanup_free_ char *name = memory_copy(text, length);
			struct word word = { .out = value };
			const char *end = read_value(&word, strchr(text, '=') + 1);

			function(name, value, line, context);
			line += count_lines(text, end);
			text = end;
		}
		text += strcspn(text, "\n");
		if (*text) {
			text++;
			line++;
		}
	}
}
