/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <string.h>

#include "digest.h"
#include "report/trial.h"
#include "tree.h"
#include "util/memory.h"

#define TRIAL(state, proof, within)                                                               \
	"\"trial\": {\"state\": \"" state "\", \"configuration\": \"" A "\", \"proof\": \"" proof \
	"\", \"confirm_within_s\": " within "}"

static void open_store(const struct tree *tree, const char *member, struct store *ret)
{
	_cleanup_free_ char *text =
		memory_printf("{\"version\": 1, \"program\": \"passthru-init 0\", %s%s"
			      "\"findings\": [], \"devices\": []}\n",
			      member, *member ? ", " : "");

	tree_write(tree, REPORT_PATH, text);
	assert_int_equal(store_lock(&tree->root, ret), 0);
}

static const struct row {
	const char *name, *member;
	enum trial_verdict verdict;
	bool awaits_confirmation;
	uint32_t within_s;
} rows[] = {
	{ "a report without it", "", TRIAL_NONE, false, 0 },
	{ "null", "\"trial\": null", TRIAL_NONE, false, 0 },
	{ "a text", "\"trial\": \"trying\"", TRIAL_NONE, false, 0 },
	{ "proven", TRIAL("proven", "boot", "600"), TRIAL_PROVEN, false, 600 },
	{ "trying", TRIAL("trying", "boot", "1"), TRIAL_TRYING, false, 1 },
	{ "failed", TRIAL("failed", "boot", "600"), TRIAL_FAILED, false, 600 },
	{ "unproven", TRIAL("unproven", "boot", "600"), TRIAL_UNPROVEN, false, 600 },
	{ "to be confirmed", TRIAL("trying", "confirm", "86400"), TRIAL_TRYING, true, 86400 },
	{ "a state that is none", TRIAL("tried", "boot", "600"), TRIAL_NONE, false, 600 },
	{ "none", TRIAL("none", "boot", "600"), TRIAL_NONE, false, 600 },
	{ "more than a day", TRIAL("trying", "confirm", "86401"), TRIAL_NONE, true, 0 },
	{ "a time that is none", TRIAL("trying", "confirm", "null"), TRIAL_NONE, true, 0 },
	{ "a digest that is none",
	  "\"trial\": {\"state\": \"trying\", \"configuration\": \"x\", \"proof\": \"boot\", "
	  "\"confirm_within_s\": 600}",
	  TRIAL_NONE, false, 600 },
	{ "nothing in it", "\"trial\": {}", TRIAL_NONE, false, 0 },
};

static void test_read(void **state)
{
	const struct row *row = *state;
	struct tree tree = tree_make();
	struct recorded_trial trial;
	struct store store;

	open_store(&tree, row->member, &store);
	trial = store_trial(&store);
	assert_int_equal(trial.verdict, row->verdict);
	assert_int_equal(trial.awaits_confirmation, row->awaits_confirmation);
	assert_int_equal(trial.within_s, row->within_s);
	if (trial.verdict != TRIAL_NONE)
		assert_string_equal(trial.configuration, A);
	store_close(&store);
	tree_remove(&tree);
}

static const struct planned_row {
	const char *name, *member;
	bool is_as_planned;
} planned_rows[] = {
	{ "not yet", "", false },
	{ "true", "\"as_planned\": true", true },
	{ "false", "\"as_planned\": false", false },
	{ "null", "\"as_planned\": null", false },
	{ "a number", "\"as_planned\": 1", false },
};

static void test_planned(void **state)
{
	const struct planned_row *row = *state;
	struct tree tree = tree_make();
	struct store store;

	open_store(&tree, row->member, &store);
	assert_int_equal(store_is_as_planned(&store), row->is_as_planned);
	store_close(&store);
	tree_remove(&tree);
}

static void test_prove(void **state)
{
	const struct tree *tree = *state;
	struct recorded_trial trial;
	struct store store;

	open_store(tree, TRIAL("trying", "confirm", "60"), &store);
	store_set_proven(&store);
	assert_int_equal(store_write(&tree->root, &store), 0);
	store_close(&store);
	assert_int_equal(store_read(&tree->root, &store), 0);
	trial = store_trial(&store);
	assert_int_equal(trial.verdict, TRIAL_PROVEN);
	assert_string_equal(trial.configuration, A);
	assert_true(trial.awaits_confirmation);
	assert_int_equal(trial.within_s, 60);
	store_close(&store);
}

#define FINDING(code)       "{\"severity\": \"error\", \"code\": \"" code "\", \"text\": \"x\"}"
#define OF(config, options) "\"config_sha256\": " config ", \"options_sha256\": " options
#define OF_WANT             OF("\"" A "\"", "\"" B "\"")

static const struct came_row {
	const char *name, *members, *findings;
	bool came_up;
} came_rows[] = {
	{ "verified", OF_WANT ", \"verified\": true", "", true },
	{ "verified, with a device that is not OK", OF_WANT ", \"verified\": false", "", true },
	{ "another finding", OF_WANT ", \"verified\": false", FINDING("absent"), true },
	{ "not verified", OF_WANT, "", false },
	{ "other rules", OF("\"" C "\"", "\"" B "\"") ", \"verified\": true", "", false },
	{ "other options", OF("\"" A "\"", "\"" C "\"") ", \"verified\": true", "", false },
	{ "options unknown", OF("\"" A "\"", "null") ", \"verified\": true", "", false },
	{ "a trial", OF_WANT ", \"verified\": true, " TRIAL("trying", "boot", "1"), "", false },
	{ "a rule left out", OF_WANT ", \"verified\": true", FINDING("skipped"), false },
	{ "a rule replaced", OF_WANT ", \"verified\": true", FINDING("replaced"), false },
	{ "a trial that could not be recorded", OF_WANT ", \"verified\": true",
	  FINDING("trial-state"), false },
	{ "the agent died", OF_WANT ", \"verified\": true", FINDING("agent-died"), false },
	{ "devices returned", OF_WANT ", \"verified\": true", FINDING("returned"), false },
};

static void test_came_up(void **state)
{
	const struct came_row *row = *state;
	struct tree tree = tree_make();
	struct want want = { .sha256 = A, .options_sha256 = B };
	_cleanup_free_ char *text =
		memory_printf("{\"version\": 1, \"program\": \"passthru-init 0\", %s, "
			      "\"findings\": [%s], \"devices\": []}\n",
			      row->members, row->findings);
	struct store store;

	tree_write(&tree, REPORT_PATH, text);
	assert_int_equal(store_lock(&tree.root, &store), 0);
	assert_int_equal(store_came_up_with(&store, &want), row->came_up);
	store_close(&store);
	tree_remove(&tree);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "read", test_read, rows);
	suite_add_rows(&suite, "verified", test_planned, planned_rows);
	suite_add_rows(&suite, "came up with", test_came_up, came_rows);
	suite_add_in_tree(&suite, "prove", test_prove);
	return suite_run(&suite, "report trial");
}
