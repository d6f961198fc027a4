/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "digest.h"
#include "trial/grub.h"

#define OPTION "passthru.trial="

static const struct good_row {
	const char *cmdline;
	const char *state; /* behind the first line */
	bool is_turned;
} good_rows[] = {
	{ OPTION "trying:" A ":", "trying " A " 1\n", true },
	{ OPTION "trying:" A, "trying " A " 1\n", true },
	{ OPTION "armed:" A ":", "armed " A "\n", false },
	{ OPTION "failed:" A ":", "trying " A " 1\n", false },
	{ OPTION "failed:-:", "", false },
	{ OPTION "failed:-:" A, "proven " A "\n", false },
	{ OPTION "trying:" A ":" B ":" C, "trying " A " 1\nproven " B "\nproven " C "\n", true },
	{ OPTION "trying:" A ":" B ":" C ":" D ":" E,
	  "trying " A " 1\nproven " B "\nproven " C "\nproven " D "\nproven " E "\n", true },
	{ OPTION "trying:" A "::" B "::", "trying " A " 1\nproven " B "\n", true },
	{ "quiet root=/dev/vda " OPTION "armed:" A ": ro", "armed " A "\n", false },
	{ "\"" OPTION "armed:" A ":\"", "armed " A "\n", false },
	/* The last one counts. */
	{ OPTION "trying:" A ": " OPTION "failed:-:" B, "proven " B "\n", false },
	{ OPTION "failed:-:" B " " OPTION "trying:" A ":", "trying " A " 1\n", true },
	{ OPTION "nonsense " OPTION "armed:" A ":", "armed " A "\n", false },
	{ OPTION "armed:" A ": passthru.trial passthru.trials=x xpassthru.trial=x", "armed " A "\n",
	  false },
	/* What is behind -- is init's. */
	{ OPTION "armed:" A ": -- " OPTION "trying:" A ":", "armed " A "\n", false },
};

static void test_good(void **state)
{
	const struct good_row *row = *state;
	_cleanup_free_ char *text = NULL;
	struct trial_state trial;
	bool is_turned;

	assert_int_equal(trial_grub_parse(row->cmdline, &trial, &is_turned), 0);
	text = trial_state_format(&trial);
	assert_string_equal(strchr(text, '\n') + 1, row->state);
	assert_int_equal(is_turned, row->is_turned);
}

static const struct bad_row {
	const char *cmdline;
	int error;
} bad_rows[] = {
	{ "", -ENOMSG },
	{ "quiet passthru.device=1:2", -ENOMSG },
	{ "passthru.trial", -ENOMSG },
	{ "passthru_trial=trying:" A ":", -ENOMSG },
	{ "-- " OPTION "trying:" A ":", -ENOMSG },
	{ OPTION, -EBADMSG },
	{ OPTION "trying", -EBADMSG },
	{ OPTION "trying:", -EBADMSG },
	{ OPTION "trying:-:", -EBADMSG },
	{ OPTION "armed:-:", -EBADMSG },
	{ OPTION "failed", -EBADMSG },
	{ OPTION "failed:", -EBADMSG },
	{ OPTION "failed::" A, -EBADMSG },
	{ OPTION "proven:" A ":", -EBADMSG },
	{ OPTION "Trying:" A ":", -EBADMSG },
	{ OPTION "trying:abc:", -EBADMSG },
	{ OPTION "trying:" A "a:", -EBADMSG },
	{ OPTION "trying:" A ":abc", -EBADMSG },
	{ OPTION "trying:" A ":" A ":" B ":" C ":" D ":" E, -EBADMSG },
	{ OPTION "trying:" A ": " OPTION "nonsense", -EBADMSG },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct trial_state trial;
	bool is_turned;

	assert_int_equal(trial_grub_parse(row->cmdline, &trial, &is_turned), row->error);
}

/* What the agent makes of it, with A in its image. */
static const struct turn_row {
	const char *cmdline;
	const char *verdict;
	int read_error, write_error;
} turn_rows[] = {
	{ OPTION "trying:" A ":", "trying", 0, 0 },
	{ OPTION "armed:" A ":", "trying", 0, -EROFS },
	{ OPTION "failed:" A ":", "failed", 0, 0 },
	{ OPTION "failed:-:" B ":" A, "proven", 0, 0 },
	{ OPTION "trying:" B ":" A, "proven", 0, 0 },
	{ OPTION "armed:" B ":" A, "proven", 0, 0 },
	{ OPTION "trying:" B ":", "unproven", 0, 0 },
	{ OPTION "armed:" B ":", "unproven", 0, 0 },
	{ OPTION "failed:-:" B, "unproven", 0, 0 },
	{ "quiet", "trying", -ENOMSG, -ENOMSG },
	{ OPTION "nonsense", "trying", -EBADMSG, -EBADMSG },
};

static void test_turn(void **state)
{
	const struct turn_row *row = *state;
	const struct trial_host host = { .cmdline = row->cmdline };
	struct trial_turn turn;

	trial_grub_turn(&host, A, 1, &turn);
	assert_string_equal(trial_word(turn.verdict), row->verdict);
	assert_int_equal(turn.read_error, row->read_error);
	assert_int_equal(turn.write_error, row->write_error);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add_rows(&suite, "turn", test_turn, turn_rows);
	return suite_run(&suite, "trial grub");
}
