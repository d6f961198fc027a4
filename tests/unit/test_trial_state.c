/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "digest.h"
#include "trial/state.h"

#define HEAD      "passthru 1\n"
#define ARMED(x)  "armed " x "\n"
#define TRYING    "trying " A " "
#define PROVEN(x) "proven " x "\n"
#define FOUR      PROVEN(B) PROVEN(C) PROVEN(D) PROVEN(E)

static const struct good_row {
	const char *text;
} good_rows[] = {
	{ HEAD },
	{ HEAD ARMED(A) },
	{ HEAD TRYING "1\n" },
	{ HEAD TRYING "9\n" },
	{ HEAD PROVEN(A) },
	{ HEAD ARMED(A) FOUR },
	{ HEAD TRYING "2\n" PROVEN(A) },
	{ HEAD ARMED(DIGEST("0")) PROVEN(DIGEST("9")) },
};

static void test_round_trip(void **state)
{
	const struct good_row *row = *state;
	_cleanup_free_ char *text = NULL;
	struct trial_state trial;

	assert_int_equal(trial_state_parse(row->text, strlen(row->text), &trial), 0);
	text = trial_state_format(&trial);
	assert_string_equal(text, row->text);
	assert_true(strlen(text) < TRIAL_STATE_SIZE_MAX);
}

static const struct bad_row {
	const char *name, *text;
} bad_rows[] = {
	{ "nothing", "" },
	{ "garbage", "\xff\xfe" },
	{ "no last newline", "passthru 1" },
	{ "cut off in a digest", HEAD "armed aaaa" },
	{ "cut off behind a digest", HEAD "armed " A },
	{ "another version", "passthru 2\n" },
	{ "no version", ARMED(A) },
	{ "an empty line", HEAD "\n" },
	{ "another word", HEAD "failed " A "\n" },
	{ "a word in capitals", HEAD "Armed " A "\n" },
	{ "armed without a digest", HEAD "armed\n" },
	{ "armed with an empty one", HEAD "armed \n" },
	{ "a short digest", HEAD "armed aaaa\n" },
	{ "a long digest", HEAD "armed " A "a\n" },
	{ "a digest in capitals", HEAD ARMED(DIGEST("A")) },
	{ "a digest that is none", HEAD ARMED(DIGEST("g")) },
	{ "armed with tries", HEAD "armed " A " 1\n" },
	{ "armed with a space behind", HEAD "armed " A " \n" },
	{ "armed twice", HEAD ARMED(A) ARMED(A) },
	{ "armed and trying", HEAD ARMED(A) TRYING "1\n" },
	{ "trying without tries", HEAD "trying " A "\n" },
	{ "trying with none", HEAD TRYING "0\n" },
	{ "trying with too many", HEAD TRYING "10\n" },
	{ "trying with nonsense", HEAD TRYING "one\n" },
	{ "trying with more behind", HEAD TRYING "1 1\n" },
	{ "proven without a digest", HEAD "proven\n" },
	{ "proven with more behind", HEAD "proven " A " 1\n" },
	{ "proven by five", HEAD PROVEN(A) FOUR },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct trial_state trial = { .tries = 7 };

	assert_int_equal(trial_state_parse(row->text, strlen(row->text), &trial), -EBADMSG);
	assert_int_equal(trial.tries, 7);
}

static void test_nul(void **state)
{
	static const char text[] = HEAD "\0" ARMED(A);
	struct trial_state trial;

	(void)state;
	assert_int_equal(trial_state_parse(text, sizeof(text) - 1, &trial), -EBADMSG);
}

static void parse(const char *text, struct trial_state *ret)
{
	assert_int_equal(trial_state_parse(text, strlen(text), ret), 0);
}

/* Of the configuration A. */
static const struct judge_row {
	const char *name, *text;
	uint32_t tries;
	const char *verdict;
} judge_rows[] = {
	{ "nothing is known", HEAD, 1, "unproven" },
	{ "armed", HEAD ARMED(A), 1, "trying" },
	{ "another one is armed", HEAD ARMED(B), 1, "unproven" },
	{ "tried once", HEAD TRYING "1\n", 1, "failed" },
	{ "tried once of two times", HEAD TRYING "1\n", 2, "trying" },
	{ "tried twice", HEAD TRYING "2\n", 2, "failed" },
	{ "tried more often than it may now", HEAD TRYING "3\n", 2, "failed" },
	{ "another one was tried", HEAD "trying " B " 1\n", 9, "unproven" },
	{ "proven", HEAD PROVEN(A), 1, "proven" },
	{ "proven, not the last one", HEAD PROVEN(B) PROVEN(A), 1, "proven" },
	{ "another one is proven", HEAD PROVEN(B), 1, "unproven" },
	{ "proven and tried", HEAD TRYING "1\n" PROVEN(A), 1, "proven" },
	{ "armed, others are proven", HEAD ARMED(A) FOUR, 1, "trying" },
};

static void test_judge(void **state)
{
	const struct judge_row *row = *state;
	struct trial_state trial;

	parse(row->text, &trial);
	assert_string_equal(trial_word(trial_judge(&trial, A, row->tries)), row->verdict);
}

static void forget(struct trial_state *trial, const char *configuration)
{
	(void)configuration;
	trial_forget(trial);
}

static const struct change_row {
	const char *name;
	void (*change)(struct trial_state *trial, const char *configuration);
	const char *before, *after; /* CHANGE with A */
} change_rows[] = {
	{ "arm the first one", trial_arm, HEAD, HEAD ARMED(A) },
	{ "arm it again", trial_arm, HEAD TRYING "2\n", HEAD ARMED(A) },
	{ "arm it in place of another", trial_arm, HEAD ARMED(B) PROVEN(C),
	  HEAD ARMED(A) PROVEN(C) },
	{ "try an armed one", trial_try, HEAD ARMED(A) PROVEN(B), HEAD TRYING "1\n" PROVEN(B) },
	{ "try it again", trial_try, HEAD TRYING "1\n", HEAD TRYING "2\n" },
	{ "try it no more than can be counted", trial_try, HEAD TRYING "9\n", HEAD TRYING "9\n" },
	{ "try one that was never armed", trial_try, HEAD, HEAD TRYING "1\n" },
	{ "try one in place of another", trial_try, HEAD "trying " B " 3\n", HEAD TRYING "1\n" },
	{ "prove what was tried", trial_prove, HEAD TRYING "1\n", HEAD PROVEN(A) },
	{ "prove before others", trial_prove, HEAD TRYING "1\n" PROVEN(B) PROVEN(C),
	  HEAD PROVEN(A) PROVEN(B) PROVEN(C) },
	{ "prove a fifth one", trial_prove, HEAD TRYING "1\n" FOUR,
	  HEAD PROVEN(A) PROVEN(B) PROVEN(C) PROVEN(D) },
	{ "prove again", trial_prove, HEAD PROVEN(A), HEAD PROVEN(A) },
	{ "prove again, not the last one", trial_prove, HEAD PROVEN(B) PROVEN(A),
	  HEAD PROVEN(A) PROVEN(B) },
	{ "prove again, the last of four", trial_prove,
	  HEAD PROVEN(B) PROVEN(C) PROVEN(D) PROVEN(A),
	  HEAD PROVEN(A) PROVEN(B) PROVEN(C) PROVEN(D) },
	{ "prove while another one is armed", trial_prove, HEAD ARMED(B), HEAD ARMED(B) PROVEN(A) },
	{ "forget what is armed", forget, HEAD ARMED(A) PROVEN(B), HEAD PROVEN(B) },
	{ "forget what was tried", forget, HEAD TRYING "3\n" FOUR, HEAD FOUR },
	{ "forget nothing", forget, HEAD PROVEN(A), HEAD PROVEN(A) },
};

static void test_change(void **state)
{
	const struct change_row *row = *state;
	_cleanup_free_ char *after = NULL;
	struct trial_state trial;

	parse(row->before, &trial);
	row->change(&trial, A);
	after = trial_state_format(&trial);
	assert_string_equal(after, row->after);
}

/* printf '%s\n%s\n' "$sha256" "$options_sha256" | sha256sum */
static void test_identify(void **state)
{
	struct want want = { 0 };
	char digest[SHA256_TEXT_SIZE];

	(void)state;
	trial_identify(&want, digest);
	assert_string_equal(digest,
			    "75a11da44c802486bc6f65640aa48a730f0f684c5c07a42ba3cd1735eb3fb070");
	strcpy(want.sha256, A);
	strcpy(want.options_sha256, B);
	trial_identify(&want, digest);
	assert_string_equal(digest,
			    "913f9338fb6c17253f3a14816fc08d52522454bfc19a8c99538a197cfb23fb41");
	assert_true(trial_is_digest(digest));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "round trip", test_round_trip, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add(&suite, "a NUL in it", test_nul);
	suite_add_rows(&suite, "judge", test_judge, judge_rows);
	suite_add_rows(&suite, "change", test_change, change_rows);
	suite_add(&suite, "what identifies a configuration", test_identify);
	return suite_run(&suite, "trial state");
}
