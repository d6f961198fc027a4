/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is written to new_id, and what is said when that cannot be done, in a directory that stands
 * for sysfs: whether a driver then takes a device is for tests/vm.
 */
#include "helpers.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "apply/hotplug.h"
#include "forms.h"
#include "system/clock.h"
#include "tree.h"
#include "util/buffer.h"
#include "util/memory.h"

#define STUB "sys/bus/pci/drivers/vfio-pci/"
#define TWO  "[device a]\nid = 1:2\n[device b]\nid = 1:3\n"

struct scene {
	struct want want;
	struct facts facts;
	struct plan plan;
};

/* The plan for an empty host, whose devices may all come later. */
static void arm_by(struct scene *scene, const struct tree *tree, const char *host, const char *conf,
		   const char *cmdline, int64_t time_ms)
{
	struct progress progress = { 0 };
	const struct apply apply = {
		.root = &tree->root,
		.deadline_ms = clock_ms() + time_ms,
		.progress = &progress,
	};

	form_host(host, &scene->facts);
	form_want(conf, cmdline, &scene->want);
	plan_make(&scene->want, &scene->facts, &scene->plan);
	hotplug_arm(&apply, &scene->plan);
}

static void arm(struct scene *scene, const struct tree *tree, const char *host, const char *conf,
		int64_t time_ms)
{
	arm_by(scene, tree, host, conf, NULL, time_ms);
}

static void scene_free(struct scene *scene)
{
	plan_free(&scene->plan);
	facts_free(&scene->facts);
	want_free(&scene->want);
}

/* Of each write the file keeps the bytes that the next one does not replace: these are as long. */
static void test_told(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *text = NULL;

	tree_write(tree, STUB "new_id", "");
	arm(&scene, tree, "", TWO, 60000);
	text = tree_read(tree, STUB "new_id");
	assert_string_equal(text, "1 3 ffffffff ffffffff 0 0");
	assert_true(scene.plan.decisions[0].is_armed);
	assert_true(scene.plan.decisions[1].is_armed);
}

/* The host has such a device, which could come back as well: nothing is told. */
static void test_not_told(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *text = NULL;

	tree_write(tree, STUB "new_id", "");
	arm(&scene, tree, "0000:03:00.0 1:2 02\n", "[device a]\nid = 1:2\naddress = 04:00.0\n",
	    60000);
	text = tree_read(tree, STUB "new_id");
	assert_string_equal(text, "");
	assert_false(scene.plan.decisions[0].is_armed);
	assert_findings(&scene.plan.decisions[0].findings, "absent: ");
}

/* One that could not be read may be such a device: a stub driver would have it unguarded. */
static void test_unread(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *text = NULL;

	tree_write(tree, STUB "new_id", "");
	arm(&scene, tree, "left out 0000:05:00.0\n", "[device a]\nid = 1:2\n", 60000);
	text = tree_read(tree, STUB "new_id");
	assert_string_equal(text, "");
	assert_false(scene.plan.decisions[0].is_armed);
	assert_findings(&scene.plan.decisions[0].findings,
			"absent: \nwatch-failed: could not announce hot-plugged devices to "
			"vfio-pci: a device that could not be read may be one of these");
}

static void test_no_attribute(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };

	tree_directory(tree, STUB "new_id");
	arm(&scene, tree, "", "[device a]\nid = 1:2\n", 60000);
	assert_false(scene.plan.decisions[0].is_armed);
	assert_findings(&scene.plan.decisions[0].findings,
			"absent: \nwatch-failed: could not announce hot-plugged devices to "
			"vfio-pci: Is a directory");
}

static void test_no_driver(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };

	arm(&scene, tree, "", TWO, 60000);
	assert_findings(&scene.plan.decisions[1].findings,
			"absent: \nwatch-failed: could not announce hot-plugged devices to "
			"vfio-pci: module not found");
}

static void test_no_time(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_free_ char *text = NULL;

	tree_write(tree, STUB "new_id", "");
	arm(&scene, tree, "", TWO, -1);
	text = tree_read(tree, STUB "new_id");
	assert_string_equal(text, "");
	assert_findings(&scene.plan.decisions[0].findings,
			"absent: \nwatch-failed: could not announce hot-plugged devices to "
			"vfio-pci: no time left");
}

/* A device that may hang makes the write one that is not waited for. */
static void test_hanging(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };

	tree_directory(tree, STUB);
	assert_int_equal(mkfifoat(tree->root.fd, STUB "new_id", 0600), 0);
	arm(&scene, tree, "0000:02:00.0 1:4 12 group=1\n", TWO "[device c]\nid = 1:4\n", 60000);
	assert_findings(&scene.plan.decisions[0].findings,
			"absent: \nwatch-failed: could not announce hot-plugged devices to "
			"vfio-pci: timed out; the driver is still busy");
}

/* Nor does it take longer than the agent has. */
static void test_hanging_at_the_end(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(scene_free) struct scene scene = { 0 };
	int64_t begun = clock_ms();

	tree_directory(tree, STUB);
	assert_int_equal(mkfifoat(tree->root.fd, STUB "new_id", 0600), 0);
	arm(&scene, tree, "0000:02:00.0 1:4 12 group=1\n", TWO "[device c]\nid = 1:4\n", 200);
	assert_true(clock_ms() - begun < 2000);
}

static void arm_many(size_t count)
{
	struct tree tree = tree_make();
	_cleanup_(scene_free) struct scene scene = { 0 };
	_cleanup_(buffer_free) struct buffer conf = { 0 };
	size_t armed = 0;

	for (size_t i = 0; i < count; i++)
		buffer_printf(&conf, "%s1:%zx", i ? "," : "vfio-pci.ids=", i + 1);
	tree_write(&tree, STUB "new_id", "");
	arm_by(&scene, &tree, "", NULL, conf.text, 60000);
	tree_remove(&tree);
	for (size_t i = 0; i < scene.plan.count; i++)
		armed += scene.plan.decisions[i].is_armed;
	assert_int_equal(armed, count);
}

/* As many as there is room for on a kernel command line. */
static void test_in_time(void **state)
{
	(void)state;
	assert_not_quadratic(arm_many, 2500);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "told", test_told);
	suite_add_in_tree(&suite, "not told", test_not_told);
	suite_add_in_tree(&suite, "a device that could not be read", test_unread);
	suite_add_in_tree(&suite, "no such attribute", test_no_attribute);
	suite_add_in_tree(&suite, "no driver", test_no_driver);
	suite_add_in_tree(&suite, "no time", test_no_time);
	suite_add_in_tree(&suite, "a driver that hangs", test_hanging);
	suite_add_in_tree(&suite, "a driver that hangs, near the end", test_hanging_at_the_end);
	suite_add(&suite, "many", test_in_time);
	return suite_run(&suite, "apply_hotplug");
}
