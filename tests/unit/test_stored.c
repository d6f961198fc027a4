/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "forms.h"
#include "report/record.h"
#include "report/stored.h"
#include "tree.h"
#include "util/child.h"
#include "util/cleanup.h"

#define HEAD "{\"version\": 1, \"program\": \"passthru-init 0\", \"findings\": [], \"devices\": ["
#define DEVICE \
	"{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"state\": \"bound\", \"findings\": []}"
#define TAIL "]}\n"

static void test_note(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	struct json_object *devices, *findings;
	struct stored stored;

	form_host("0000:02:00.0 1:2 12 group=1\n0000:03:00.0 1:3 12 group=2\n", &facts);
	form_want("[device a]\nid = 1:2\n[device b]\nid = 1:3\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(tree, REPORT_PATH, HEAD DEVICE TAIL);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(stored_lock(&tree->root, &stored), 0);
		for (size_t i = 0; i < plan.count; i++) {
			plan.decisions[i].state = STATE_RETURNED;
			if (!twice)
				findings_add(&plan.decisions[i].findings, FINDING_RETURNED, "x");
			stored_note(&stored, &plan.decisions[i]);
		}
		assert_int_equal(stored_write(&tree->root, &stored), 0);
		stored_close(&stored);
	}
	assert_int_equal(stored_read(&tree->root, &stored), 0);
	assert_int_equal(stored_array(stored.report, "devices", &devices), 2);
	for (size_t i = 0; i < 2; i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		assert_string_equal(stored_text(device, "state"), "returned");
		assert_int_equal(stored_array(device, "findings", &findings), 1);
	}
	stored_close(&stored);
}

#define ABSENT \
	"{\"rule\": \"b\", \"address\": null, \"state\": \"absent\", \"findings\": [{\"code\": \"absent\"}]}"
#define WAITING                                                                     \
	"{\"rule\": \"a\", \"address\": \"0000:02:00.0\", \"state\": \"waiting\", " \
	"\"findings\": [{\"code\": \"sriov-waiting\"}]}"

/* A device that was absent, or waiting, and what was found then, is what it is now. */
static void test_arrival(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	_cleanup_(stored_close) struct stored stored = { .lock_fd = -1 };
	struct json_object *devices, *findings;

	form_host("0000:02:00.0 1:2 12 group=1\n0000:03:00.0 1:3 12 group=2\n", &facts);
	form_want("[device a]\nid = 1:2\n[device b]\nid = 1:3\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_write(tree, REPORT_PATH, HEAD WAITING "," ABSENT TAIL);
	assert_int_equal(stored_read(&tree->root, &stored), 0);
	assert_string_equal(stored_state(&stored, &(struct pci_address){ .bus = 2 }), "waiting");
	assert_string_equal(stored_state(&stored, &(struct pci_address){ .bus = 3 }), "");
	for (size_t i = 0; i < plan.count; i++) {
		plan.decisions[i].state = STATE_BOUND;
		stored_note(&stored, &plan.decisions[i]);
	}
	assert_int_equal(stored_array(stored.report, "devices", &devices), 2);
	for (size_t i = 0; i < 2; i++) {
		struct json_object *device = json_object_array_get_idx(devices, i);

		assert_string_equal(stored_text(device, "rule"), i ? "b" : "a");
		assert_string_equal(stored_text(device, "state"), "bound");
		assert_int_equal(stored_array(device, "findings", &findings), 0);
	}
	assert_string_equal(stored_state(&stored, &(struct pci_address){ .bus = 3 }), "bound");
}

/* Where nobody left a record one is begun; what is forgotten can be noted again. */
static void test_begin_and_forget(void **state)
{
	const struct tree *tree = *state;
	const struct record fresh = { .program = "passthru 0" };
	_cleanup_(want_free) struct want want = { 0 };
	_cleanup_(facts_free) struct facts facts = { 0 };
	_cleanup_(plan_free) struct plan plan = { 0 };
	struct json_object *devices, *entry;
	struct stored stored;

	form_host("0000:02:00.0 1:2 12 group=1 driver=serial\n", &facts);
	form_want("[device a]\nid = 1:2\n", NULL, &want);
	plan_make(&want, &facts, &plan);
	tree_directory(tree, "run");
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(stored_begin(&tree->root, &fresh, &stored), 0);
		assert_null(stored_find_at(&stored, &facts.devices[0].address));
		stored_note(&stored, &plan.decisions[0]);
		entry = stored_find_at(&stored, &facts.devices[0].address);
		assert_string_equal(stored_text(entry, "previous_driver"), "serial");
		/* Whoever takes it from the stub itself has nobody to name. */
		plan.decisions[0].host_driver[0] = '\0';
		stored_note(&stored, &plan.decisions[0]);
		assert_string_equal(stored_text(entry, "previous_driver"), "serial");
		strcpy(plan.decisions[0].host_driver, "serial");
		stored_forget(&stored, &facts.devices[0].address);
		assert_int_equal(stored_array(stored.report, "devices", &devices), 0);
		assert_int_equal(stored_write(&tree->root, &stored), 0);
		stored_close(&stored);
	}
}

/* No directory, no lock, no record. */
static void test_begin_nowhere(void **state)
{
	const struct tree *tree = *state;
	const struct record fresh = { .program = "passthru 0" };
	struct stored stored;

	assert_int_equal(stored_begin(&tree->root, &fresh, &stored), -ENOENT);
	assert_null(stored.report);
	stored_close(&stored);
}

static int lock_and_count(void *context)
{
	struct tree *tree = context;
	struct stored stored;
	int r = stored_lock(&tree->root, &stored);

	stored_close(&stored);
	return r;
}

/* While one changes it, another does not; and it does not wait for ever. */
static void test_lock(void **state)
{
	struct tree *tree = *state;
	struct stored stored;

	tree_write(tree, REPORT_PATH, HEAD TAIL);
	assert_int_equal(stored_lock(&tree->root, &stored), 0);
	assert_int_equal(child_run(lock_and_count, tree, 10000, NULL), -ETIMEDOUT);
	stored_close(&stored);
	assert_int_equal(child_run(lock_and_count, tree, 10000, NULL), 0);
}

/* A driver that hangs keeps a child in the kernel, which has all that was open. */
static void test_lock_and_child(void **state)
{
	struct tree *tree = *state;
	struct stored stored;
	pid_t child;
	int r;

	tree_write(tree, REPORT_PATH, HEAD TAIL);
	assert_int_equal(stored_lock(&tree->root, &stored), 0);
	child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	assert_true(child > 0);
	stored_close(&stored);
	r = child_run(lock_and_count, tree, 10000, NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(r, 0);
}

/* What --verify does with a record that has not come to /run yet. */
static void test_verified(void **state)
{
	const struct tree *tree = *state;
	_cleanup_(findings_free) struct findings findings = { 0 };
	struct json_object *devices, *list;
	struct stored stored;

	tree_directory(tree, "run");
	tree_write(tree, REPORT_EARLY_PATH, HEAD DEVICE TAIL);
	assert_int_equal(stored_lock(&tree->root, &stored), 0);
	assert_false(stored_has_error(stored.report));
	assert_int_equal(stored_array(stored.report, "devices", &devices), 1);
	findings_add(&findings, FINDING_CHANGED, "x");
	for (int twice = 0; twice < 2; twice++)
		stored_add(json_object_array_get_idx(devices, 0), &findings);
	stored_set_verified(&stored, false);
	assert_int_equal(stored_write(&tree->root, &stored), 0);
	stored_close(&stored);

	tree_write(tree, REPORT_EARLY_PATH, "not read any more");
	assert_int_equal(stored_read(&tree->root, &stored), 0);
	assert_string_equal(stored_text(stored.report, "verified"), "false");
	stored_array(stored.report, "devices", &devices);
	assert_int_equal(stored_array(json_object_array_get_idx(devices, 0), "findings", &list), 1);
	assert_false(stored_has_error(stored.report)); /* it is the device's */
	stored_add(stored.report, &findings);
	assert_true(stored_has_error(stored.report));
	stored_close(&stored);
}

static const struct bad_row {
	const char *name;
	const char *text;
	int result;
} bad_rows[] = {
	{ "good", HEAD DEVICE TAIL, 0 },
	{ "empty", "", -EBADMSG },
	{ "cut off", HEAD DEVICE, -EBADMSG },
	{ "something behind", HEAD TAIL "x", -EBADMSG },
	{ "another version",
	  "{\"version\": 2, \"program\": \"p\", \"findings\": [], \"devices\": []}", -EBADMSG },
	{ "no devices", "{\"version\": 1, \"program\": \"p\", \"findings\": []}", -EBADMSG },
	{ "no object", "[]", -EBADMSG },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct tree tree = tree_make();
	struct stored stored;

	tree_write(&tree, REPORT_PATH, row->text);
	assert_int_equal(stored_read(&tree.root, &stored), row->result);
	stored_close(&stored);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_in_tree(&suite, "begin and forget", test_begin_and_forget);
	suite_add_in_tree(&suite, "begin without a directory", test_begin_nowhere);
	suite_add_in_tree(&suite, "a decision is noted once", test_note);
	suite_add_in_tree(&suite, "what was awaited has come", test_arrival);
	suite_add_in_tree(&suite, "a record is verified", test_verified);
	suite_add_in_tree(&suite, "the lock", test_lock);
	suite_add_in_tree(&suite, "a child that hangs does not keep the lock", test_lock_and_child);
	suite_add_rows(&suite, "record", test_bad, bad_rows);
	return suite_run(&suite, "stored");
}
