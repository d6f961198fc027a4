/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <string.h>

#include "util/memory.h"
#include "want/vf.h"

static const struct good_row {
	const char *text;
	const char *ranges;
} good_rows[] = {
	{ "0", "0-0 " },           { "0-3,6", "0-3 6-6 " },
	{ "0-3+6", "0-3 6-6 " },   { " 0-3,  6 ", "0-3 6-6 " },
	{ "6,0-3", "6-6 0-3 " },   { "4-4", "4-4 " },
	{ "0-65534", "0-65534 " }, { "007", "7-7 " },
};

static char *form(const struct vf_set *set)
{
	char *text = memory_copy("", 0);

	for (size_t i = 0; i < set->count; i++) {
		_cleanup_free_ char *before = text;

		text = memory_printf("%s%u-%u ", before, set->ranges[i].first, set->ranges[i].last);
	}
	return text;
}

static void test_good(void **state)
{
	const struct good_row *row = *state;
	_cleanup_(vf_set_free) struct vf_set set = { 0 };
	_cleanup_free_ char *ranges = NULL;

	assert_int_equal(vf_set_parse(row->text, &set), 0);
	ranges = form(&set);
	assert_string_equal(ranges, row->ranges);
}

static const struct bad_row {
	const char *text;
} bad_rows[] = {
	{ "" },      { "," },       { "-" },          { "-1" },
	{ "1-" },    { "3-1" },     { "1-2-3" },      { "0x1" },
	{ "1.0" },   { "one" },     { "0-3,2" },      { "1,1" },
	{ "65535" }, { "0-65535" }, { "4294967296" }, { "99999999999999999999" },
	{ "1;2" },   { "1\n" },     { "\xff" },
};

static void test_bad(void **state)
{
	const struct bad_row *row = *state;
	struct vf_set set = { 0 };

	assert_int_equal(vf_set_parse(row->text, &set), -EINVAL);
	assert_null(set.ranges);
}

/* As many as anybody needs, and no more than can be compared with each other. */
static void test_many(void **state)
{
	for (size_t count = 256; count <= 257; count++) {
		_cleanup_(vf_set_free) struct vf_set set = { 0 };
		_cleanup_free_ char *text = memory_copy("", 0);

		(void)state;
		for (size_t i = 0; i < count; i++) {
			_cleanup_free_ char *before = text;

			text = memory_printf("%s%zu,", before, i * 2);
		}
		assert_int_equal(vf_set_parse(text, &set), count == 256 ? 0 : -EINVAL);
	}
}

static void test_questions(void **state)
{
	_cleanup_(vf_set_free) struct vf_set set = { 0 }, other = { 0 }, all = vf_set_of_all(7);

	(void)state;
	assert_int_equal(vf_set_parse("6,0-3", &set), 0);
	assert_int_equal(vf_set_parse("4-5", &other), 0);
	for (uint32_t i = 0; i < 10; i++) {
		assert_int_equal(vf_set_has(&set, i), i <= 3 || i == 6);
		assert_int_equal(vf_set_has(&all, i), i <= 6);
	}
	assert_int_equal(vf_set_highest(&set), 6);
	assert_false(vf_sets_meet(&set, &other));
	assert_true(vf_sets_meet(&set, &all));
	assert_true(vf_sets_meet(&all, &other));
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "good", test_good, good_rows);
	suite_add_rows(&suite, "bad", test_bad, bad_rows);
	suite_add(&suite, "256 ranges and one more", test_many);
	suite_add(&suite, "what is in a set", test_questions);
	return suite_run(&suite, "vf");
}
