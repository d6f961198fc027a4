/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "report/keeps.h"

#include "report/entries.h"
#include "report/json_value.h"
#include "util/text.h"

static bool is_one_of(const char *key, const char *const keys[])
{
	while (*keys && !streq(*keys, key))
		keys++;
	return *keys;
}

/* BEFORE is a list of findings, AFTER the later one: only `unfinished` may go. */
static bool keeps_findings(const struct json_value *before, const struct json_value *after)
{
	for (; before; before = before->next) {
		if (after && json_equal(before, after))
			after = after->next;
		else if (!streq(json_get_text(before, "code"), finding_word(FINDING_UNFINISHED)))
			return false;
	}
	return true;
}

/* All members are there, in order, and those that are not in MAY_CHANGE as they were. */
static bool keeps_members(const struct json_value *before, const struct json_value *after,
			  const char *const may_change[])
{
	const struct json_value *old = before->first, *now = after->first;

	for (; old; old = old->next, now = now->next) {
		if (!now || !streq(old->key, now->key))
			return false;
		if (!is_one_of(old->key, may_change) && !json_equal(old, now))
			return false;
	}
	return keeps_findings(json_first(json_get(before, "findings")),
			      json_first(json_get(after, "findings")));
}

static bool keeps_devices(const struct json_value *before, const struct json_value *after,
			  const unsigned char *fates)
{
	static const char *const may_change[] = {
		"driver",   "state",    "errno",       "previous_driver",      "viable",
		"settings", "findings", "vf_settings", "previous_vf_settings", NULL
	};

	for (; before; before = before->next, fates++) {
		if (*fates == FATE_FORGOTTEN)
			continue;
		if (!after)
			return false;
		if (*fates == FATE_KEPT && !keeps_members(before, after, may_change))
			return false;
		after = after->next;
	}
	return true;
}

bool report_keeps(const struct json_value *before, const struct json_value *after,
		  const unsigned char *fates)
{
	static const char *const may_change[] = { "as_planned", "devices",  "findings",
						  "trial",      "verified", NULL };

	return keeps_members(before, after, may_change) &&
	       keeps_devices(json_first(json_get(before, "devices")),
			     json_first(json_get(after, "devices")), fates);
}
