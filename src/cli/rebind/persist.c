/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rebind/persist.h"

#include <stdio.h>

#include "cli/dropin.h"
#include "util/cleanup.h"

static const struct rule *configured(const struct runtime *runtime, size_t index)
{
	const struct rule *rule = &runtime->want.rules[index];

	return runtime_configured(runtime, runtime_device(runtime, rule));
}

int persist_check(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		if (!configured(runtime, i))
			r = dropin_check(&runtime->call->root, &runtime->session.want,
					 runtime->want.rules[i].name);
	}
	return r;
}

static void tell(const struct runtime *runtime, const struct dropin *dropin, const char *what)
{
	dropin_tell(dropin, what, runtime->options->json ? stderr : stdout);
}

static int write_rule(const struct runtime *runtime, const struct rule *rule)
{
	_cleanup_(dropin_free) struct dropin dropin = { 0 };
	int r = 0;

	dropin_make(runtime->call, RULE_DEVICE, rule->name, runtime_device(runtime, rule), &dropin);
	if (!runtime->options->dry_run)
		r = dropin_write(&runtime->call->root, &dropin);
	if (r == 0)
		tell(runtime, &dropin, runtime->options->dry_run ? "would be written" : "written");
	return r;
}

int persist_write(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		const struct rule *rule = configured(runtime, i);

		if (rule)
			fprintf(stderr, "passthru: [device %s] in %s is for it already\n",
				rule->name, rule->origin);
		else
			r = write_rule(runtime, &runtime->want.rules[i]);
	}
	return r;
}

static int remove_rule(const struct runtime *runtime, const struct rule *rule)
{
	const struct root *root = &runtime->call->root;
	_cleanup_(dropin_free) struct dropin dropin = { 0 };
	int r = dropin_find(root, rule, &dropin);

	if (r == 0 && !runtime->options->dry_run)
		r = dropin_remove(root, &dropin);
	if (r == 0)
		tell(runtime, &dropin, runtime->options->dry_run ? "would be removed" : "removed");
	return r;
}

int persist_remove(const struct runtime *runtime)
{
	int r = 0;

	for (size_t i = 0; i < runtime->want.rule_count && r == 0; i++) {
		const struct rule *rule = configured(runtime, i);

		if (rule)
			r = remove_rule(runtime, rule);
	}
	return r;
}
