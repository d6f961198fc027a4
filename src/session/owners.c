/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "session/owners.h"

#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"

#define RECORD_SIZE_MAX 65536

static char *number_of(const char *kind, const char *name, owner_finder *find, void *context)
{
	return owner_is_numeric(name) ? memory_dup(name) : find(kind, name, context);
}

char *owners_resolve(struct rule *rule, owner_finder *find, void *context)
{
	char **owner = &rule->settings.values[SETTING_OWNER], *group = strchr(*owner, ':');
	_cleanup_free_ char *name = *owner, *user_number = NULL, *group_number = NULL;

	*group++ = '\0';
	user_number = number_of("user", name, find, context);
	group_number = number_of("group", group, find, context);
	*owner = NULL;
	if (!user_number || !group_number)
		return memory_printf("%s '%s'", user_number ? "group" : "user",
				     user_number ? group : name);
	*owner = memory_printf("%s:%s", user_number, group_number);
	return NULL;
}

/* TEXT has a newline before its first line as well. */
static char *find_in_record(const char *kind, const char *name, void *text)
{
	_cleanup_free_ char *line = memory_printf("\n%s %s ", kind, name);
	const char *found = text ? strstr(text, line) : NULL;
	_cleanup_free_ char *number = NULL;

	if (!found)
		return NULL;
	found += strlen(line);
	number = memory_copy(found, strcspn(found, "\n"));
	return *number && owner_is_numeric(number) ? memory_dup(number) : NULL;
}

static char *read_record(const struct root *image, text_sink sink, void *sink_context)
{
	_cleanup_free_ char *text = NULL;
	size_t size;

	if (root_read_file(image, OWNERS_RECORD, RECORD_SIZE_MAX, &text, &size) < 0)
		return NULL;
	if (sink)
		sink(OWNERS_RECORD, text, sink_context);
	return memory_printf("\n%s", text);
}

void owners_recall(const struct root *image, text_sink sink, void *sink_context, struct want *want,
		   struct findings *findings)
{
	_cleanup_free_ char *record = NULL;

	for (size_t i = 0; i < want->rule_count; i++) {
		struct rule *rule = &want->rules[i];
		const char *owner = rule->settings.values[SETTING_OWNER];
		_cleanup_free_ char *unknown = NULL;

		if (!owner || owner_is_numeric(owner))
			continue;
		if (!record)
			record = read_record(image, sink, sink_context);
		unknown = owners_resolve(rule, find_in_record, record);
		if (unknown)
			findings_add(findings, FINDING_OWNER_UNKNOWN,
				     "%s: owner: the image has no number for the %s",
				     rule->owner_origin, unknown);
	}
}
