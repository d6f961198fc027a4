/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The record is text, a line a need, so that a person can read it in an image:
 *
 *   passthru-needs 1
 *   host QEMU Standard PC
 *   storage pci0000:00/03.0 1b36:0010:1af4:1100 010802 / on /dev/nvme0n1p1
 */
#include "facts/needs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "util/buffer.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/parse.h"
#include "util/text.h"

#define FIRST_LINE   "passthru-needs 1"
#define HOST_PREFIX  "host "
#define WHY_SIZE_MAX 500

static const char *const words[NEED_KIND_COUNT] = {
	[NEED_STORAGE] = "storage",       [NEED_NETWORK] = "network", [NEED_CONSOLE] = "console",
	[NEED_PASSPHRASE] = "passphrase", [NEED_UPLINK] = "uplink",   [NEED_DISPLAY] = "display",
	[NEED_KEYBOARD] = "keyboard",
};

const char *need_word(enum need_kind kind)
{
	return words[kind];
}

static struct need *add_empty(struct needs *needs)
{
	needs->items = memory_grow(needs->items, needs->count, sizeof(needs->items[0]));
	return &needs->items[needs->count++];
}

static struct need *find(const struct needs *needs, enum need_kind kind, const char *path)
{
	for (size_t i = 0; i < needs->count; i++) {
		if (needs->items[i].kind == kind && streq(needs->items[i].path, path))
			return &needs->items[i];
	}
	return NULL;
}

/*
 * Unless it says WHY already. Thousands of file systems can be on one disk, and the record of that
 * has to fit into NEEDS_SIZE_MAX.
 */
static void append_reason(struct need *need, const char *why)
{
	char *before = need->why;

	if (need->is_full || strstr(before, why))
		return;
	need->is_full = strlen(before) + strlen(why) > WHY_SIZE_MAX;
	need->why = memory_printf("%s, %s", before, need->is_full ? "and more" : why);
	free(before);
}

void needs_add(struct needs *needs, enum need_kind kind, const struct pci_device *device,
	       const char *format, ...)
{
	_cleanup_free_ char *text = NULL;
	_cleanup_free_ char *why = NULL;
	struct need *need;
	va_list arguments;

	if (!device->path)
		return;
	va_start(arguments, format);
	text = memory_vprintf(format, arguments);
	va_end(arguments);
	why = text_escape(text);
	if (strlen(why) > WHY_SIZE_MAX)
		why[WHY_SIZE_MAX] = '\0';
	need = find(needs, kind, device->path);
	if (need) {
		append_reason(need, why);
		return;
	}
	*add_empty(needs) = (struct need){
		.kind = kind,
		.path = memory_dup(device->path),
		.vendor = device->vendor,
		.device = device->device,
		.subvendor = device->subvendor,
		.subdevice = device->subdevice,
		.class = device->class,
		.why = memory_dup(why),
	};
}

bool needs_has(const struct needs *needs, enum need_kind kind, const struct pci_device *device)
{
	for (size_t i = 0; i < needs->count && device->path; i++) {
		if (needs->items[i].kind == kind && strcmp(needs->items[i].path, device->path) == 0)
			return true;
	}
	return false;
}

void needs_move(struct needs *needs, struct needs *source)
{
	for (size_t i = 0; i < source->count; i++)
		*add_empty(needs) = source->items[i];
	free(source->items);
	source->items = NULL;
	source->count = 0;
	needs_free(source);
}

static int compare(const void *a, const void *b)
{
	const struct need *left = a, *right = b;

	if (left->kind != right->kind)
		return left->kind < right->kind ? -1 : 1;
	return strcmp(left->path, right->path);
}

void needs_sort(struct needs *needs)
{
	if (needs->count)
		qsort(needs->items, needs->count, sizeof(needs->items[0]), compare);
}

char *needs_format(const struct needs *needs)
{
	struct buffer text = { 0 };

	buffer_printf(&text, FIRST_LINE "\n" HOST_PREFIX "%s\n", needs->host ? needs->host : "");
	for (size_t i = 0; i < needs->count; i++) {
		const struct need *need = &needs->items[i];

		buffer_printf(&text, "%s %s %04x:%04x:%04x:%04x %06x %s\n", words[need->kind],
			      need->path, need->vendor, need->device, need->subvendor,
			      need->subdevice, need->class, need->why);
	}
	return text.text;
}

static int parse_kind(const char *word, enum need_kind *ret)
{
	for (int kind = 0; word && kind < NEED_KIND_COUNT; kind++) {
		if (streq(words[kind], word)) {
			*ret = (enum need_kind)kind;
			return 0;
		}
	}
	return -EINVAL;
}

/* "1b36:0010:1af4:1100" */
static int parse_ids(const char *text, struct need *need)
{
	uint32_t *const fields[] = { &need->vendor, &need->device, &need->subvendor,
				     &need->subdevice };

	if (!text || strlen(text) != strlen("1b36:0010:1af4:1100"))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		if (parse_hex(text + 5 * i, 4, fields[i]) < 0 || (i && text[5 * i - 1] != ':'))
			return -EINVAL;
	}
	return 0;
}

/* A line behind the first two, which it takes apart. NEED gets nothing that it owns. */
static int parse_line(char *line, struct need *need)
{
	const char *kind = strsep(&line, " "), *path = strsep(&line, " ");
	const char *ids = strsep(&line, " "), *class = strsep(&line, " ");

	if (!line || parse_kind(kind, &need->kind) < 0 || path_check(path) < 0 ||
	    parse_ids(ids, need) < 0 || strlen(class) != 6 || parse_hex(class, 6, &need->class) < 0)
		return -EINVAL;
	need->path = (char *)path;
	need->why = line;
	return 0;
}

/* TEXT ends with a newline: what has none may have been cut off. */
static int parse_lines(char *text, struct needs *needs)
{
	while (*text) {
		char *newline = strchr(text, '\n');
		struct need need = { 0 };

		if (!newline)
			return -EINVAL;
		*newline = '\0';
		if (parse_line(text, &need) < 0)
			return -EINVAL;
		need.path = memory_dup(need.path);
		need.why = memory_dup(need.why);
		*add_empty(needs) = need;
		text = newline + 1;
	}
	return 0;
}

/* The first two lines and the characters of all of them. */
static int parse_head(char **rest, struct needs *needs)
{
	const char *first = strsep(rest, "\n");
	const char *host = *rest ? strsep(rest, "\n") : NULL;

	if (!streq(first, FIRST_LINE) || !host || !*rest ||
	    strncmp(host, HOST_PREFIX, strlen(HOST_PREFIX)) != 0)
		return -EINVAL;
	host += strlen(HOST_PREFIX);
	needs->host = memory_dup(host);
	return 0;
}

static bool is_plain(const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] != '\n' && (text[i] < 0x20 || text[i] > 0x7e))
			return false;
	}
	return true;
}

int needs_parse(const char *text, size_t size, struct needs *ret)
{
	_cleanup_free_ char *copy = memory_copy(text, size);
	struct needs needs = { 0 };
	char *rest = copy;

	if (size > NEEDS_SIZE_MAX || !is_plain(text, size))
		return -EINVAL;
	if (parse_head(&rest, &needs) < 0 || parse_lines(rest, &needs) < 0) {
		needs_free(&needs);
		return -EINVAL;
	}
	*ret = needs;
	return 0;
}

void needs_free(struct needs *needs)
{
	for (size_t i = 0; i < needs->count; i++) {
		free(needs->items[i].path);
		free(needs->items[i].why);
	}
	free(needs->items);
	free(needs->host);
	*needs = (struct needs){ 0 };
}
