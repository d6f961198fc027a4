/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "tree.h"
#include "trial/units.h"
#include "util/memory.h"

#define ETC     "etc/systemd/system/multi-user.target.wants/"
#define SYSINIT "etc/systemd/system/sysinit.target.wants/"
#define USR     "usr/lib/systemd/system/multi-user.target.wants/"

static const struct row {
	const char *name;
	const char *files; /* one a line, with systemd in front of them */
	enum trial_choice proof;
	const char *obstacle; /* the beginning; or NULL */
} rows[] = {
	{ "no systemd", "!\n" ETC "passthru-verify.service\n" ETC "passthru-prove.service\n",
	  TRIAL_BOOT, "the host does not run systemd" },
	{ "nothing is enabled", "", TRIAL_BOOT, "passthru-verify.service is not enabled" },
	{ "not what verifies", ETC "passthru-prove.service\n", TRIAL_BOOT,
	  "passthru-verify.service is not enabled" },
	{ "not what proves", ETC "passthru-verify.service\n", TRIAL_BOOT,
	  "passthru-prove.service is not enabled" },
	{ "both", ETC "passthru-verify.service\n" ETC "passthru-prove.service\n", TRIAL_BOOT,
	  NULL },
	{ "both, by the distribution",
	  USR "passthru-verify.service\n" USR "passthru-prove.service\n", TRIAL_BOOT, NULL },
	{ "not what waits for the administrator",
	  ETC "passthru-verify.service\n" ETC "passthru-prove.service\n", TRIAL_CONFIRM,
	  "passthru-confirm.service is not enabled" },
	{ "all",
	  ETC "passthru-verify.service\n" ETC "passthru-prove.service\n" SYSINIT
	      "passthru-confirm.service\n",
	  TRIAL_CONFIRM, NULL },
	{ "what waits does not before the boot is good",
	  ETC "passthru-verify.service\n" ETC "passthru-prove.service\n" ETC
	      "passthru-confirm.service\n",
	  TRIAL_CONFIRM, "passthru-confirm.service is not enabled" },
	{ "one that is there but wanted by nothing",
	  "usr/lib/systemd/system/passthru-verify.service\n", TRIAL_BOOT,
	  "passthru-verify.service is not enabled" },
};

static void make_files(const struct tree *tree, const char *files)
{
	_cleanup_free_ char *copy = memory_dup(files);
	char *rest = copy;

	if (*copy != '!')
		tree_directory(tree, "run/systemd/system");
	for (char *file; (file = strsep(&rest, "\n"));) {
		if (*file && *file != '!')
			tree_write(tree, file, "");
	}
}

static void test_obstacle(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	const char *obstacle;

	make_files(&tree, row->files);
	obstacle = trial_units_obstacle(&tree.root, row->proof);
	tree_remove(&tree);
	if (!row->obstacle) {
		assert_null(obstacle);
		return;
	}
	assert_non_null(obstacle);
	assert_int_equal(strncmp(obstacle, row->obstacle, strlen(row->obstacle)), 0);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "obstacle", test_obstacle, rows);
	return suite_run(&suite, "trial units");
}
