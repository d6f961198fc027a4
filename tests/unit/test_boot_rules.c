/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include "cli/rebind/boot_rules.h"
#include "forms.h"
#include "report/record.h"
#include "tree.h"

#define CONF IMAGE_COPY_DIRECTORY "/etc/passthru.conf"

static const struct row {
	const char *name;
	const char *path, *text; /* NULL: a directory; without a path there is nothing */
	bool may_match;
} rows[] = {
	{ "no copy", NULL, NULL, false },
	{ "no rule", CONF, "# none\n", false },
	{ "a rule", CONF, "[device a]\nid = 1:2\n", true },
	{ "a rule for another device", CONF, "[device a]\nid = 1:3\n", false },
	{ "rules with errors", CONF, "[device a]\nid = 1:3\nx\n", true },
	{ "rules that cannot be read", CONF, NULL, true },
	{ "a copy that cannot be read", IMAGE_COPY_DIRECTORY, "", true },
};

static void test_match(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	struct session session = { .input = { .root = &tree.root }, .cmdline = (char *)"" };

	form_host("0000:02:00.0 1:2 12 group=1\n", &session.facts);
	if (row->path && row->text)
		tree_write(&tree, row->path, row->text);
	else if (row->path)
		tree_directory(&tree, row->path);
	assert_int_equal(boot_rules_may_match(&session, session.facts.devices), row->may_match);
	facts_free(&session.facts);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "rules of the boot", test_match, rows);
	return suite_run(&suite, "boot_rules");
}
