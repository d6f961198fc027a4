/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/import/shell.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define VALUE_MAX (1024 * 1024) /* variables in variables would soon fill the memory */

/* One value that is being read. */
struct word {
	const struct shell *shell;
	const char *name, *origin;
	struct shell_variable result;
	char quote;    /* ' or ", or 0 */
	bool in_array; /* (...) */
	bool has_itself;
};

static void put(struct word *word, const char *text, size_t length)
{
	sourced_add(&word->result.value, text, length, word->origin);
}

/* What the backslash at TEXT stands for. Returns how much of TEXT it takes up. */
static size_t read_escape(struct word *word, const char *text)
{
	if (text[1] == '\n')
		return 2;
	/* Between double quotes it stays, but before these. */
	if (!text[1] || (word->quote == '"' && !strchr("\"\\$`", text[1]))) {
		put(word, "\\", 1);
		return 1;
	}
	put(word, text + 1, 1);
	return 2;
}

static size_t count_name(const char *text)
{
	size_t length = 0;

	while (isalnum((unsigned char)text[length]) || text[length] == '_')
		length++;
	return isdigit((unsigned char)*text) ? 0 : length;
}

static void put_variable(struct word *word, const char *start, size_t length)
{
	_cleanup_free_ char *name = memory_copy(start, length);
	const struct shell_variable *variable = shell_find(word->shell, name);

	if (strcmp(name, word->name) == 0)
		word->has_itself = true;
	if (!variable)
		return;
	word->result.is_partial |= variable->is_partial;
	if (word->result.value.text.length + variable->value.text.length > VALUE_MAX)
		word->result.is_partial = true;
	else
		sourced_add_all(&word->result.value, &variable->value);
}

/* Behind CLOSING that belongs to the opening at TEXT, or at the end. */
static const char *skip_nested(const char *text, char opening, char closing)
{
	unsigned depth = 0;

	for (; *text; text++) {
		if (*text == opening)
			depth++;
		else if (*text == closing && --depth == 0)
			return text + 1;
	}
	return text;
}

/* The dollar sign at TEXT. Returns what is behind what it stands for. */
static const char *read_dollar(struct word *word, const char *text)
{
	bool has_brace = text[1] == '{';
	const char *name = text + 1 + has_brace;
	size_t length = count_name(name);

	if (length && (!has_brace || name[length] == '}')) {
		put_variable(word, name, length);
		return name + length + has_brace;
	}
	if (!has_brace && text[1] != '(') {
		put(word, text, 1);
		return text + 1;
	}
	word->result.is_partial = true;
	return has_brace ? skip_nested(text, '{', '}') : skip_nested(text, '(', ')');
}

static const char *read_backtick(struct word *word, const char *text)
{
	const char *end = strchrnul(text + 1, '`');

	word->result.is_partial = true;
	return *end ? end + 1 : end;
}

static bool toggles_quote(const struct word *word, char c)
{
	return word->quote ? c == word->quote : c == '"' || c == '\'';
}

static bool ends_value(const struct word *word, char c)
{
	if (word->quote)
		return false;
	return word->in_array ? c == ')' : isspace((unsigned char)c) || c == ';';
}

/* Read a value at TEXT into WORD. Returns what is behind it. */
static const char *read_value(struct word *word, const char *text)
{
	if (*text == '(') {
		word->in_array = true;
		text++;
	}
	while (*text && !ends_value(word, *text)) {
		bool is_literal = word->quote == '\'';

		if (*text == '\\' && !is_literal) {
			text += read_escape(word, text);
		} else if (*text == '$' && !is_literal) {
			text = read_dollar(word, text);
		} else if (*text == '`' && !is_literal) {
			text = read_backtick(word, text);
		} else {
			if (toggles_quote(word, *text))
				word->quote = word->quote ? 0 : *text;
			else
				put(word, text, 1);
			text++;
		}
	}
	return text;
}

/* The length of the name at TEXT if an assignment follows it, else 0. */
static size_t name_length(const char *text)
{
	static const char index_characters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t length = count_name(text);

	if (length && text[length] == '[') {
		length += 1 + strspn(text + length + 1, index_characters);
		if (text[length++] != ']')
			return 0;
	}
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

static struct shell_variable *find(const struct shell *shell, const char *name)
{
	for (size_t i = 0; i < shell->count; i++) {
		if (strcmp(shell->variables[i].name, name) == 0)
			return &shell->variables[i];
	}
	return NULL;
}

const struct shell_variable *shell_find(const struct shell *shell, const char *name)
{
	return find(shell, name);
}

static struct shell_variable *find_or_add(struct shell *shell, const char *name)
{
	struct shell_variable *variable = find(shell, name);

	if (variable)
		return variable;
	shell->variables = memory_grow(shell->variables, shell->count, sizeof(*variable));
	variable = &shell->variables[shell->count++];
	variable->name = memory_copy(name, strlen(name));
	return variable;
}

/* Read what is assigned to NAME at TEXT, which begins with "=" or "+=". Returns what is behind. */
static const char *assign(struct shell *shell, const char *name, const char *text,
			  const char *origin, const struct shell_reader *reader)
{
	struct shell_variable *variable = find_or_add(shell, name);
	struct word word = { .shell = shell, .name = name, .origin = origin };
	bool appends = *text == '+';

	if (appends) {
		put_variable(&word, name, strlen(name));
		if (text[2] == '(')
			put(&word, " ", 1);
	}
	text = read_value(&word, text + 1 + appends);
	put(&word, "", 0);
	if (!word.has_itself && variable->value.text.length)
		reader->on_overridden(variable, origin, reader->context);
	sourced_free(&variable->value);
	variable->value = word.result.value;
	variable->is_partial = word.result.is_partial;
	return text;
}

static void tell_other(const char *text, const char *origin, const struct shell_reader *reader)
{
	_cleanup_free_ char *line = memory_copy(text, strcspn(text, "\r\n"));

	if (*line && *line != '#')
		reader->on_other(line, origin, reader->context);
}

void shell_read(struct shell *shell, const char *file, const char *text,
		const struct shell_reader *reader)
{
	unsigned line = 1;

	while (*text) {
		_cleanup_free_ char *origin = memory_printf("%s:%u", file, line);
		size_t length;

		text = skip_export(text);
		length = name_length(text);
		if (length) {
			_cleanup_free_ char *name = memory_copy(text, length);
			const char *end = assign(shell, name, text + length, origin, reader);

			line += count_lines(text, end);
			text = end;
		} else {
			tell_other(text, origin, reader);
		}
		text += strcspn(text, "\n");
		if (*text) {
			text++;
			line++;
		}
	}
}

void shell_free(struct shell *shell)
{
	for (size_t i = 0; i < shell->count; i++) {
		free(shell->variables[i].name);
		sourced_free(&shell->variables[i].value);
	}
	free(shell->variables);
	*shell = (struct shell){ 0 };
}
