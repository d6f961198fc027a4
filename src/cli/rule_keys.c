/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rule_keys.h"

#include "cli/message.h"
#include "util/cleanup.h"
#include "util/memory.h"
#include "want/keys.h"

struct keyed_rule {
	struct call *call;
	struct rule *rule;
};

static int set_key(const char *key, const char *value, void *context)
{
	struct keyed_rule *setting = context;
	_cleanup_free_ char *expected = NULL;
	int r = rule_set(setting->rule, key, value, &expected);

	if (r < 0)
		cli_usage_error(setting->call, "--%s: '%s' is not %s", key, value, expected);
	return r;
}

int rule_keys_set(struct call *call, struct rule *rule)
{
	struct keyed_rule setting = { call, rule };

	return call_each_key(call, set_key, &setting);
}

static int add_line(const char *key, const char *value, void *context)
{
	char **text = context;
	_cleanup_free_ char *before = *text;

	*text = memory_printf("%s%s = %s\n", before, key, value);
	return 0;
}

char *rule_keys_text(const struct call *call)
{
	char *text = memory_dup("");

	call_each_key(call, add_line, &text);
	return text;
}

bool rule_keys_given(const struct call *call)
{
	_cleanup_free_ char *text = rule_keys_text(call);

	return *text;
}
