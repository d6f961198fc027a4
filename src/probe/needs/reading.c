/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "probe/needs/reading.h"

#include <errno.h>
#include <string.h>

#include "system/link.h"
#include "util/absence.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

static bool is_noted(const struct findings *findings, const char *text)
{
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].code == FINDING_UNREADABLE &&
		    streq(findings->items[i].text, text))
			return true;
	}
	return false;
}

void reading_note(const struct survey *survey, const char *path, int error)
{
	_cleanup_free_ char *text = memory_printf("could not read /%s: %s", path, strerror(-error));
	_cleanup_free_ char *escaped = text_escape(text);

	if (!is_noted(survey->findings, escaped))
		findings_add(survey->findings, FINDING_UNREADABLE, "%s", text);
}

static int check(const struct survey *survey, const char *path, int r)
{
	if (r < 0 && !is_absent(r))
		reading_note(survey, path, r);
	return r;
}

/* What is there and is no link is an answer, too. */
static int check_link(const struct survey *survey, const char *path, int r)
{
	return r == -EINVAL ? r : check(survey, path, r);
}

int reading_attribute(const struct survey *survey, const char *path, char *buffer, size_t size)
{
	return check(survey, path, root_read_attribute(survey->root, path, buffer, size));
}

int reading_file(const struct survey *survey, const char *path, size_t limit, char **ret)
{
	size_t size;

	return check(survey, path, root_read_file(survey->root, path, limit, ret, &size));
}

bool reading_exists(const struct survey *survey, const char *path)
{
	return check(survey, path, root_exists(survey->root, path)) == 0;
}

void reading_each_entry(const struct survey *survey, const char *path,
			int (*function)(const char *name, void *context), void *context)
{
	int r = root_each_entry(survey->root, path, function, context);

	if (r != -ECANCELED)
		check(survey, path, r);
}

int reading_link_name(const struct survey *survey, const char *path, char *buffer, size_t size)
{
	return check_link(survey, path, root_link_name(survey->root, path, buffer, size));
}

char *reading_link(const struct survey *survey, const char *link)
{
	char *target = NULL;

	check_link(survey, link, link_read(survey->root, link, &target));
	return target;
}

char *reading_link_end(const struct survey *survey, const char *path)
{
	char *end = NULL;
	int r = link_follow(survey->root, path, &end);

	/* A circle leads to nothing, and that is known. */
	if (r != -ELOOP)
		check(survey, path, r);
	return end;
}
