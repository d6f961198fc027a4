/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "facts/tables.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* "\040" to a blank, in place; "\000" stays, as it would end the text. */
static void decode(char *text)
{
	char *out = text;

	while (*text) {
		int code = 0;

		if (text[0] == '\\' && is_octal(text[1]) && is_octal(text[2]) && is_octal(text[3]))
			code = (text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0');
		if (code > 0 && code <= 0xff) {
			*out++ = (char)code;
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

static void split(char *line, struct table_row *row)
{
	for (char *word; (word = strsep(&line, " \t\r"));) {
		if (*word && row->count < ROW_FIELDS_MAX) {
			decode(word);
			row->fields[row->count++] = word;
		}
	}
	for (size_t i = row->count; i < ROW_FIELDS_MAX; i++)
		row->fields[i] = "";
}

void table_each_row(const char *text, void (*function)(const struct table_row *row, void *context),
		    void *context)
{
	_cleanup_free_ char *copy = memory_dup(text);
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));) {
		struct table_row row = { .count = 0 };

		split(line, &row);
		if (row.count && *row.fields[0] != '#')
			function(&row, context);
	}
}

char *table_option(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (const char *option = list; *option;) {
		size_t size = strcspn(option, ",");

		if (size >= length && strncmp(option, name, length) == 0) {
			if (size == length)
				return memory_copy("", 0);
			if (option[length] == '=')
				return memory_copy(option + length + 1, size - length - 1);
		}
		option += size + (option[size] == ',');
	}
	return NULL;
}

const struct mount *mounts_find(const struct mounts *mounts, const char *point)
{
	const struct mount *found = NULL;

	for (size_t i = 0; i < mounts->count; i++) {
		if (streq(mounts->items[i].point, point))
			found = &mounts->items[i];
	}
	return found;
}

static bool is_below(const char *path, const char *point)
{
	size_t length = strlen(point);

	if (streq(point, "/"))
		return *path == '/';
	return strncmp(path, point, length) == 0 && (path[length] == '/' || !path[length]);
}

const struct mount *mounts_of_file(const struct mounts *mounts, const char *path)
{
	const struct mount *found = NULL;

	for (size_t i = 0; i < mounts->count; i++) {
		const struct mount *mount = &mounts->items[i];

		if (is_below(path, mount->point) &&
		    (!found || strlen(mount->point) >= strlen(found->point)))
			found = mount;
	}
	return found;
}

void mounts_free(struct mounts *mounts)
{
	for (size_t i = 0; i < mounts->count; i++) {
		struct mount *mount = &mounts->items[i];

		free(mount->device);
		free(mount->point);
		free(mount->type);
		free(mount->source);
		free(mount->options);
	}
	free(mounts->items);
	*mounts = (struct mounts){ 0 };
}
