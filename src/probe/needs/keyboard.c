/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/keyboard.h"

#include <stdlib.h>
#include <string.h>

#include "probe/needs/reading.h"
#include "util/cleanup.h"
#include "util/memory.h"

#define DEVICES      "proc/bus/input/devices"
#define SIZE_MAX_ALL (1024 * 1024)
#define SYSFS_LINE   "S: Sysfs="
#define KEY_LINE     "B: KEY="

/* KEY_ESC to KEY_S, bits 1 to 31 (linux/input-event-codes.h) */
#define KEYS_OF_KEYBOARDS 0xfffffffeul

/* KEYS is a bitmap as hexadecimal words, the lowest of them last. */
static bool has_keys(const char *keys)
{
	const char *last = strrchr(keys, ' ');
	unsigned long word = strtoul(last ? last + 1 : keys, NULL, 16);

	return (word & KEYS_OF_KEYBOARDS) == KEYS_OF_KEYBOARDS;
}

void keyboard_parse(const char *text, void (*function)(const char *directory, void *context),
		    void *context)
{
	_cleanup_free_ char *copy = memory_dup(text);
	const char *path = NULL;
	char *rest = copy;

	for (char *line; (line = strsep(&rest, "\n"));) {
		if (!*line)
			path = NULL;
		else if (strncmp(line, SYSFS_LINE "/", strlen(SYSFS_LINE "/")) == 0)
			path = line + strlen(SYSFS_LINE "/");
		else if (path && strncmp(line, KEY_LINE, strlen(KEY_LINE)) == 0 &&
			 has_keys(line + strlen(KEY_LINE))) {
			_cleanup_free_ char *directory = memory_printf("sys/%s", path);

			function(directory, context);
		}
	}
}

struct keyboards {
	struct survey survey; /* of them alone */
	enum need_kind kind;
	bool has_other; /* on no PCI device */
};

static void note_keyboard(const char *directory, void *context)
{
	struct keyboards *keyboards = context;

	/* Bluetooth's, and those that programs make, are none at boot. */
	if (strncmp(directory, "sys/devices/virtual/", strlen("sys/devices/virtual/")) == 0)
		return;
	if (!ancestry_note(&keyboards->survey, directory, keyboards->kind, "keyboard"))
		keyboards->has_other = true;
}

void keyboard_survey(const struct survey *survey, bool asks)
{
	_cleanup_(needs_free) struct needs found = { 0 };
	struct keyboards keyboards = {
		.survey = *survey,
		.kind = asks ? NEED_PASSPHRASE : NEED_KEYBOARD,
	};
	_cleanup_free_ char *text = NULL;

	keyboards.survey.needs = &found;
	if (reading_file(survey, DEVICES, SIZE_MAX_ALL, &text) < 0)
		return;
	keyboard_parse(text, note_keyboard, &keyboards);
	if (asks || (found.count == 1 && !keyboards.has_other))
		needs_move(survey->needs, &found);
}
