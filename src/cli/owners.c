/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/owners.h"

#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

#include "util/cleanup.h"
#include "util/memory.h"
#include "util/text.h"

#define FILE_SIZE_MAX (16 * 1024 * 1024)

struct name_lookup {
	const struct root *root;
	char **record; /* or NULL */
};

static char *find_on_host(bool is_user, const char *name)
{
	const struct passwd *user = is_user ? getpwnam(name) : NULL;
	const struct group *group = is_user ? NULL : getgrnam(name);

	if (!user && !group)
		return NULL;
	return memory_printf("%u", user ? user->pw_uid : group->gr_gid);
}

/* passwd(5) and group(5): the number is the third field of both. */
static char *find_in_file(const struct root *root, bool is_user, const char *name)
{
	_cleanup_free_ char *text = NULL;
	char *rest;
	size_t size;

	if (root_read_file(root, is_user ? "etc/passwd" : "etc/group", FILE_SIZE_MAX, &text,
			   &size) < 0)
		return NULL;
	rest = text;
	for (char *line; (line = strsep(&rest, "\n"));) {
		const char *its = strsep(&line, ":");
		const char *number = line && strsep(&line, ":") ? strsep(&line, ":") : NULL;

		if (number && *number && streq(its, name) && owner_is_numeric(number))
			return memory_dup(number);
	}
	return NULL;
}

static char *find(const char *kind, const char *name, void *context)
{
	const struct name_lookup *lookup = context;
	bool is_user = streq(kind, "user");
	char *number = lookup->root->is_confined ? find_in_file(lookup->root, is_user, name)
						 : find_on_host(is_user, name);

	if (number && lookup->record) {
		_cleanup_free_ char *before = *lookup->record;

		*lookup->record =
			memory_printf("%s%s %s %s\n", before ? before : "", kind, name, number);
	}
	return number;
}

void owners_find(const struct root *root, struct want *want, char **ret_record)
{
	struct name_lookup lookup = { root, ret_record };

	for (size_t i = 0; i < want->rule_count; i++) {
		struct rule *rule = &want->rules[i];
		const char *owner = rule->settings.values[SETTING_OWNER];
		_cleanup_free_ char *unknown = NULL;

		if (owner && !owner_is_numeric(owner))
			unknown = owners_resolve(rule, find, &lookup);
		if (!unknown)
			continue;
		findings_add(&want->findings, FINDING_CONFIG_ERROR, "%s: owner: there is no %s",
			     rule->owner_origin ? rule->owner_origin : rule->origin, unknown);
		want->has_errors = true;
	}
}
