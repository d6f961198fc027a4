/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * apply/sriov.h where the kernel, or the driver, does not do as it was told. A plain file stands
 * for the attribute: it keeps what it had behind the digit that is written, so "00\n" becomes 30.
 */
#include "helpers.h"

#include <errno.h>
#include <sys/stat.h>

#include "apply/sriov.h"
#include "forms.h"
#include "system/clock.h"
#include "tree.h"

#define PF        "sys/bus/pci/devices/0000:03:00.0/"
#define COUNT     PF "sriov_numvfs"
#define AUTOPROBE PF "sriov_drivers_autoprobe"
#define HOST      "0000:03:00.0 8086:1572 02 group=1 can=64 driver=i40e module\n"
#define RULE      "[sriov nic]\nid = 8086:1572\nvfs = 3\n"

struct making {
	struct want want;
	struct facts facts;
	struct plan plan;
};

static int make(struct making *making, const struct tree *tree, int64_t time_ms)
{
	const struct apply apply = { .root = &tree->root, .deadline_ms = clock_ms() + time_ms };

	form_host(HOST, &making->facts);
	form_want(RULE, NULL, &making->want);
	plan_make(&making->want, &making->facts, &making->plan);
	return sriov_make(&apply, &making->plan.decisions[0]);
}

static void making_free(struct making *making)
{
	plan_free(&making->plan);
	facts_free(&making->facts);
	want_free(&making->want);
}

static void assert_failed(const struct making *making, const char *findings)
{
	assert_int_equal(making->plan.decisions[0].state, STATE_FAILED);
	assert_findings(&making->plan.decisions[0].findings, findings);
}

static void assert_content(const struct tree *tree, const char *path, const char *wanted)
{
	_cleanup_free_ char *text = tree_read(tree, path);

	assert_string_equal(text, wanted);
}

static void test_made(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, COUNT, "0\n");
	tree_write(tree, AUTOPROBE, "1\n");
	assert_int_equal(make(&making, tree, 60000), 0);
	assert_int_equal(making.plan.decisions[0].state, STATE_PLANNED);
	assert_content(tree, COUNT, "3\n");
	assert_content(tree, AUTOPROBE, "0\n");
}

static void test_other_number(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, COUNT, "00\n");
	tree_write(tree, AUTOPROBE, "1\n");
	assert_int_equal(make(&making, tree, 60000), -ENOSPC);
	assert_failed(&making, "sriov-failed: could not enable 3 VFs: the driver enabled 30, which "
			       "were disabled again");
	assert_content(tree, COUNT, "00\n");
	assert_content(tree, AUTOPROBE, "1\n");
}

/* A FIFO that nobody reads stands for a driver that hangs. */
static void test_hanging(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, AUTOPROBE, "1\n");
	assert_int_equal(mkfifoat(tree->root.fd, COUNT, 0600), 0);
	assert_int_equal(make(&making, tree, 200), -ETIMEDOUT);
	assert_failed(&making,
		      "sriov-failed: could not enable 3 VFs: timed out; the driver is still busy");
	assert_content(tree, AUTOPROBE, "1\n");
}

static void test_error(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, AUTOPROBE, "1\n");
	tree_directory(tree, COUNT);
	assert_int_equal(make(&making, tree, 60000), -EISDIR);
	assert_failed(&making, "sriov-failed: could not enable 3 VFs: Is a directory");
	assert_content(tree, AUTOPROBE, "1\n");
}

/* Drivers that cannot be kept from them: then there are none. */
static void test_no_autoprobe(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, COUNT, "0\n");
	assert_int_equal(make(&making, tree, 60000), -ENOENT);
	assert_failed(
		&making,
		"sriov-failed: could not disable sriov_drivers_autoprobe: the driver or the kernel");
	assert_content(tree, COUNT, "0\n");
}

#define WITH_VFS                                                              \
	"0000:03:00.0 8086:1572 02 group=1 can=64 has=3 driver=i40e module\n" \
	"0000:03:02.0 8086:154c 02 group=2 vf=0 of=0000:03:00.0\n"            \
	"0000:03:02.1 8086:154c 02 group=3 vf=1 of=0000:03:00.0\n"            \
	"0000:03:02.2 8086:154c 02 group=4 vf=2 of=0000:03:00.0\n"            \
	"0000:04:00.0 8086:10d3 02 group=5\n"

/*
 * What no rule takes is offered to the drivers of the host, which kept off until then. Of several
 * addresses the file would keep the last.
 */
static void test_rest(void **state)
{
	static const char conf[] = "[device a]\naddress = 03:02.1\n"
				   "[device b]\naddress = 03:02.2\nid = 1:2\non-failure = hold\n";
	const struct tree *tree = *state;
	const struct apply apply = { .root = &tree->root, .deadline_ms = clock_ms() + 60000 };
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, AUTOPROBE, "0\n");
	tree_write(tree, "sys/bus/pci/drivers_probe", "");
	form_host(WITH_VFS, &making.facts);
	form_want(conf, NULL, &making.want);
	plan_make(&making.want, &making.facts, &making.plan);
	sriov_release_unused(&apply, &making.facts.devices[0], &making.plan);
	assert_content(tree, "sys/bus/pci/drivers_probe", "0000:03:02.0");
	assert_content(tree, AUTOPROBE, "1\n");
}

/* A driver hangs at each of the three, and the agent has less time than that takes. */
static void test_rest_hangs(void **state)
{
	const struct tree *tree = *state;
	int64_t begun = clock_ms();
	const struct apply apply = { .root = &tree->root, .deadline_ms = begun + 200 };
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, AUTOPROBE, "0\n");
	assert_int_equal(mkfifoat(tree->root.fd, "sys/bus/pci/drivers_probe", 0600), 0);
	form_host(WITH_VFS, &making.facts);
	plan_begin(&making.want, &making.facts, &making.plan);
	assert_int_equal(sriov_release_unused(&apply, making.facts.devices, &making.plan), -ETIME);
	assert_true(clock_ms() - begun < 2000);
	assert_content(tree, AUTOPROBE, "1\n");
}

/* What was written is not what is there then. */
static void test_autoprobe_stays(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(making_free) struct making making = { 0 };

	tree_write(tree, COUNT, "0\n");
	tree_write(tree, AUTOPROBE, "11\n");
	assert_int_equal(make(&making, tree, 60000), -EIO);
	assert_content(tree, COUNT, "0\n");
}

/* The rest is for drivers again, or it is told. */
static void test_rest_told(void **state)
{
	const struct tree *tree = *state;
	const struct apply apply = { .root = &tree->root, .deadline_ms = clock_ms() + 60000 };
	_cleanup_(making_free) struct making making = { 0 };

	form_host(HOST, &making.facts);
	plan_begin(&making.want, &making.facts, &making.plan);
	tree_write(tree, AUTOPROBE, "0\n");
	assert_int_equal(sriov_release_unused(&apply, making.facts.devices, &making.plan), 0);
	assert_content(tree, AUTOPROBE, "1\n");
	tree_write(tree, AUTOPROBE, "00\n");
	assert_int_equal(sriov_release_unused(&apply, making.facts.devices, &making.plan), -EIO);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "made", test_made);
	suite_add_in_tree(&suite, "another number", test_other_number);
	suite_add_in_tree(&suite, "the driver hangs", test_hanging);
	suite_add_in_tree(&suite, "the driver fails", test_error);
	suite_add_in_tree(&suite, "no autoprobe", test_no_autoprobe);
	suite_add_in_tree(&suite, "the rest is the host's", test_rest);
	suite_add_in_tree(&suite, "the rest, where drivers hang near the end", test_rest_hangs);
	suite_add_in_tree(&suite, "autoprobe stays on", test_autoprobe_stays);
	suite_add_in_tree(&suite, "the rest, or it is told", test_rest_told);
	return suite_run(&suite, "apply_sriov");
}
