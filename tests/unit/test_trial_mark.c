/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "digest.h"
#include "trial/mark.h"

#define STORE  "store efi\n"
#define PROOF  "proof boot\n"
#define TRIES  "tries 1\n"
#define WITHIN "confirm-within 600\n"

static const struct good_row {
	const char *text;
} good_rows[] = {
	{ STORE PROOF TRIES WITHIN },
	{ "store grub\n" PROOF TRIES WITHIN },
	{ STORE "proof confirm\ntries 9\nconfirm-within 86400\n" },
	{ STORE PROOF TRIES "confirm-within 1\n" },
	{ STORE PROOF TRIES WITHIN "proven " A "\n" },
};

static void test_round_trip(void **state)
{
	const struct good_row *row = *state;
	_cleanup_free_ char *text = NULL;
	struct trial_mark mark;

	assert_int_equal(trial_mark_parse(row->text, strlen(row->text), &mark), 0);
	text = trial_mark_format(&mark);
	assert_string_equal(text, row->text);
}

static const struct bad_row {
	const char *name, *text;
} bad_rows[] = {
	{ "nothing", "" },
	{ "a newline", "\n" },
	{ "no last newline", STORE PROOF TRIES "confirm-within 600" },
	{ "an empty line", STORE PROOF TRIES WITHIN "\n" },
	{ "no store", PROOF TRIES WITHIN },
	{ "no proof", STORE TRIES WITHIN },
	{ "no tries", STORE PROOF WITHIN },
	{ "no time to confirm in", STORE PROOF TRIES },
	{ "a store that is none", "store nowhere\n" PROOF TRIES WITHIN },
	{ "a proof that is none", STORE "proof no\n" TRIES WITHIN },
	{ "an empty proof", STORE "proof \n" TRIES WITHIN },
	{ "a key without a value", STORE "proof\n" TRIES WITHIN },
	{ "no tries at all", STORE PROOF "tries 0\n" WITHIN },
	{ "too many tries", STORE PROOF "tries 10\n" WITHIN },
	{ "no time at all", STORE PROOF TRIES "confirm-within 0\n" },
	{ "more than a day", STORE PROOF TRIES "confirm-within 86401\n" },
	{ "minutes", STORE PROOF TRIES "confirm-within 10 min\n" },
	{ "a digest that is none", STORE PROOF TRIES WITHIN "proven abc\n" },
	{ "an empty digest", STORE PROOF TRIES WITHIN "proven \n" },
	{ "an unknown key", STORE PROOF TRIES WITHIN "good " A "\n" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct trial_mark mark = { .tries = 7 };

	assert_int_equal(trial_mark_parse(row->text, strlen(row->text), &mark), -EBADMSG);
	assert_int_equal(mark.tries, 7);
}

static void test_nul(void **state)
{
	static const char text[] = STORE PROOF TRIES WITHIN "\0\n";
	struct trial_mark mark;

	(void)state;
	assert_int_equal(trial_mark_parse(text, sizeof(text) - 1, &mark), -EBADMSG);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(trial_store_word(TRIAL_STORE_EFI), "efi");
	assert_string_equal(trial_store_word(TRIAL_STORE_GRUB), "grub");
	assert_string_equal(trial_proof_word(TRIAL_BOOT), "boot");
	assert_string_equal(trial_proof_word(TRIAL_CONFIRM), "confirm");
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "round trip", test_round_trip, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add(&suite, "a NUL in it", test_nul);
	suite_add(&suite, "words", test_words);
	return suite_run(&suite, "trial mark");
}
