/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/script.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"

#define LINE_SIZE 128
#define LINES_MAX 120

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t size_max);

/*
 * The forms of statements; what the numbers mean is in build.c (of the host) and story.c (of what
 * happens).
 */
const struct statement_form statement_forms[] = {
	/* KIND PLACE STATE GROUP VFS EXTRA */
	{ "device", { 16, 3, 3, 6, 5, 255 }, 10 },
	{ "driver", { 16, 3 }, 4 },
	{ "stub", { 4, 8, 16 }, 3 },
	{ "need", { 7, 16 }, 4 },
	{ "needs", { 6 }, 2 },
	{ "console", { 16 }, 1 },
	{ "display", { 16 }, 1 },
	{ "usage", { 16, 4 }, 1 },
	/* SELECT DEVICE DRIVER IOMMU GROUP FAILURE ALLOW HOTPLUG COUNT VFS VF PERMISSIVE */
	{ "rule", { 12, 16, 4, 3, 4, 3, 8, 3, 4, 6, 4, 3 }, 10 },
	{ "option", { 12, 16, 4, 3, 4, 3, 8, 3, 4, 6, 4, 3 }, 4 },
	{ "set", { 6, 5 }, 2 },
	{ "word", { 24, 16 }, 3 },
	{ "xen", { 3, 6 }, 1 },
	{ "iommu", { 4 }, 1 },
	{ "edit", { 255, 7, 16 }, 2 },
	{ "run", { 255 }, 1 },
	{ "noconf", { 0 }, 1 },
	{ "boot", { 0 }, 2 },
	{ "dry", { 0 }, 1 },
	{ "verify", { 0 }, 4 },
	{ "hotplug", { 16, 2 }, 5 },
	{ "rescue", { 60 }, 4 },
	{ "assign", { 16, 64 }, 3 },
	{ "release", { 16, 4 }, 3 },
	{ "command", { 8, 16 }, 2 },
	{ "unplug", { 16 }, 2 },
	{ "plug", { 16, 2 }, 3 },
	{ "modprobe", { 20 }, 3 },
	{ "wait", { 60 }, 1 },
	{ "unhang", { 0 }, 1 },
	{ "write", { 16, 4 }, 1 },
	{ "vfs", { 16, 4 }, 1 },
	/* AT NAME EFFECT ERROR ON */
	{ "fault", { 255, 40, 9, 8, 2 }, 10 },
	{ "", { 0 }, 0 },
};

static void parse_line(const char *line, struct statement *statement)
{
	int length = 0;

	*statement = (struct statement){ .word = "" };
	if (sscanf(line, "%15s%n", statement->word, &length) != 1)
		return;
	line += length;
	if (sscanf(line, " %31[a-z-]%n", statement->name, &length) == 1)
		line += length;
	for (size_t i = 0; i < STATEMENT_ARGUMENTS; i++) {
		char *end;

		statement->arguments[i] = (unsigned)strtoul(line, &end, 10);
		if (end == line)
			return;
		line = end;
	}
}

void script_parse(const uint8_t *data, size_t size, struct script *ret)
{
	const char *text = (const char *)data, *end = text + size;

	ret->count = 0;
	while (text < end && ret->count < STATEMENTS_MAX) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);
		char line[LINE_SIZE];

		if (length < sizeof(line)) {
			memcpy(line, text, length);
			line[length] = '\0';
			parse_line(line, &ret->statements[ret->count]);
			if (*ret->statements[ret->count].word)
				ret->count++;
		}
		text += length + 1;
	}
}

/* The mutator works on lines, and most of the time it makes lines that mean something. */

struct lines {
	char items[LINES_MAX][LINE_SIZE];
	size_t count;
	uint64_t state; /* of the numbers that it throws */
};

static unsigned below(struct lines *lines, unsigned limit)
{
	lines->state = lines->state * 6364136223846793005u + 1442695040888963407u;
	return limit ? (unsigned)(lines->state >> 33) % limit : 0;
}

static void split(const uint8_t *data, size_t size, struct lines *lines)
{
	const char *text = (const char *)data, *end = text + size;

	while (text < end && lines->count < LINES_MAX) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t length = (size_t)((newline ? newline : end) - text);

		if (length && length < LINE_SIZE) {
			memcpy(lines->items[lines->count], text, length);
			lines->items[lines->count++][length] = '\0';
		}
		text += length + 1;
	}
}

static size_t join(const struct lines *lines, uint8_t *data, size_t size_max)
{
	size_t used = 0;

	for (size_t i = 0; i < lines->count; i++) {
		size_t length = strlen(lines->items[i]);

		if (used + length + 1 > size_max)
			break;
		memcpy(data + used, lines->items[i], length);
		used += length;
		data[used++] = '\n';
	}
	return used;
}

static const struct statement_form *any_form(struct lines *lines)
{
	unsigned sum = 0, at;

	for (const struct statement_form *form = statement_forms; *form->word; form++)
		sum += form->weight;
	at = below(lines, sum);
	for (const struct statement_form *form = statement_forms;; form++) {
		if (at < form->weight)
			return form;
		at -= form->weight;
	}
}

/* Small numbers are more often than large ones, and 0 is most of them. */
static unsigned any_argument(struct lines *lines, unsigned limit)
{
	switch (below(lines, 4)) {
	case 0:
		return 0;
	case 1:
		return below(lines, limit < 4 ? limit : 4);
	default:
		return below(lines, limit);
	}
}

static void make_line(struct lines *lines, char line[static LINE_SIZE])
{
	const struct statement_form *form;
	int used;

	if (below(lines, 40) == 0) {
		unsigned test;
		const char *stem = script_any_base(below(lines, 10000), &test);

		snprintf(line, LINE_SIZE, "base %s %u", stem, test);
		return;
	}
	form = any_form(lines);
	used = snprintf(line, LINE_SIZE, "%s", form->word);
	for (size_t i = 0; i < STATEMENT_ARGUMENTS && form->limits[i]; i++)
		used += snprintf(line + used, LINE_SIZE - (size_t)used, " %u",
				 any_argument(lines, form->limits[i]));
}

static void insert(struct lines *lines, size_t at, const char *line)
{
	char copy[LINE_SIZE];

	if (lines->count == LINES_MAX)
		return;
	strcpy(copy, line);
	memmove(lines->items[at + 1], lines->items[at], (lines->count - at) * LINE_SIZE);
	strcpy(lines->items[at], copy);
	lines->count++;
}

static void delete (struct lines *lines, size_t at)
{
	if (!lines->count)
		return;
	memmove(lines->items[at], lines->items[at + 1], (lines->count - at - 1) * LINE_SIZE);
	lines->count--;
}

/* One of the numbers in LINE becomes another. */
static void change_number(struct lines *lines, char line[static LINE_SIZE])
{
	struct statement statement;
	const struct statement_form *form = statement_forms;
	unsigned at;
	int used;

	parse_line(line, &statement);
	while (*form->word && strcmp(form->word, statement.word) != 0)
		form++;
	if (!form->limits[0])
		return;
	for (at = below(lines, STATEMENT_ARGUMENTS); !form->limits[at];)
		at = below(lines, STATEMENT_ARGUMENTS);
	statement.arguments[at] = below(lines, 3) ? any_argument(lines, form->limits[at])
						  : statement.arguments[at] + 1;
	used = snprintf(line, LINE_SIZE, "%s", statement.word);
	for (size_t i = 0; i < STATEMENT_ARGUMENTS && form->limits[i]; i++)
		used += snprintf(line + used, LINE_SIZE - (size_t)used, " %u",
				 statement.arguments[i]);
}

static void mutate_once(struct lines *lines)
{
	size_t at = below(lines, (unsigned)lines->count + 1), other;
	char line[LINE_SIZE];

	switch (lines->count ? below(lines, 10) : 0) {
	case 0:
	case 1:
	case 2:
		make_line(lines, line);
		insert(lines, at, line);
		break;
	case 3:
		delete (lines, below(lines, (unsigned)lines->count));
		break;
	case 4:
		insert(lines, at, lines->items[below(lines, (unsigned)lines->count)]);
		break;
	case 5:
		other = below(lines, (unsigned)lines->count);
		strcpy(line, lines->items[other]);
		delete (lines, other);
		insert(lines, below(lines, (unsigned)lines->count + 1), line);
		break;
	default:
		change_number(lines, lines->items[below(lines, (unsigned)lines->count)]);
	}
}

size_t script_mutate(uint8_t *data, size_t size, size_t size_max, unsigned seed)
{
	struct lines *lines;
	unsigned times;
	size_t result;

	/* Now and then another text is put in, or all is shuffled: that libFuzzer can do. */
	if (seed % 16 == 0)
		return LLVMFuzzerMutate(data, size, size_max);
	lines = calloc(1, sizeof(*lines));
	lines->state = seed;
	split(data, size, lines);
	times = 1 + below(lines, 4);
	while (times--)
		mutate_once(lines);
	result = join(lines, data, size_max);
	free(lines);
	return result;
}
