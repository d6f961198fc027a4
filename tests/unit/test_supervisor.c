/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left of a call whose worker dies: --watch makes one each second, for as long as it takes.
 */
#include "helpers.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "agent/supervisor.h"
#include "tree.h"

#define CALLS 3
#define FDS   256

/* The host itself, in whose log the agent writes: no other root has one. */
int __real_root_open(const char *path, struct root *ret);
int __wrap_root_open(const char *path, struct root *ret);
int __wrap_root_open(const char *path, struct root *ret)
{
	int r = __real_root_open(path, ret);

	ret->is_confined = false;
	return r;
}

static int die(struct agent *agent)
{
	(void)agent;
	return raise(SIGKILL);
}

static int count_open(void)
{
	int count = 0;

	for (int fd = 0; fd < FDS; fd++)
		count += fcntl(fd, F_GETFD) >= 0;
	return count;
}

static void test_nothing_stays_open(void **state)
{
	static const struct mode mode = { .option = "--test", .run = die, .limit_ms = 60000 };
	const struct tree *tree = *state;
	_cleanup_free_ char *log = NULL;
	struct agent agent = { .mode = &mode };
	int before;

	tree_write(tree, "dev/kmsg", "");
	before = count_open();
	for (int i = 0; i < CALLS; i++)
		assert_int_equal(agent_run(&agent, tree->root.path), EXIT_UNKNOWN);
	assert_int_equal(count_open(), before);
	log = tree_read(tree, "dev/kmsg");
	assert_non_null(strstr(log, "exit status"));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "supervisor: nothing stays open", test_nothing_stays_open);
	return suite_run(&suite, "supervisor");
}
