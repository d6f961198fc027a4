/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <errno.h>
#include <stdio.h>

#include "util/names.h"

static void test_order(void **state)
{
	_cleanup_(names_free) struct names names = { 0 };

	(void)state;
	assert_false(names_has(&names, "b"));
	names_add(&names, "b");
	names_add(&names, "a");
	names_add(&names, "b");
	names_add_once(&names, "b");
	assert_int_equal(names.count, 3);
	assert_string_equal(names.items[0], "b");
	assert_string_equal(names.items[1], "a");
	assert_string_equal(names.items[2], "b");
	assert_int_equal(names_find(&names, "b"), 0);
	assert_int_equal(names_find(&names, "a"), 1);
	assert_int_equal(names_find(&names, ""), -ENOENT);
}

static void test_sorted(void **state)
{
	static const char *const words[] = { "c", "a", "", "b" };
	_cleanup_(names_free) struct names names = { 0 };

	(void)state;
	names_sort(&names);
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		names_add(&names, words[i]);
	names_sort(&names);
	assert_string_equal(names.items[0], "");
	assert_string_equal(names.items[3], "c");
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		assert_string_equal(names.items[names_find(&names, words[i])], words[i]);
}

static void test_text(void **state)
{
	static const char *const texts[] = { "", "a", "a or b", "a, b or c" };
	_cleanup_(names_free) struct names names = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char name[] = { (char)('a' + i), '\0' };
		_cleanup_free_ char *text = names_text(&names, " or ");

		assert_string_equal(text, texts[i]);
		names_add(&names, name);
	}
}

static void add_many(size_t count)
{
	_cleanup_(names_free) struct names names = { 0 };
	char name[32];

	for (size_t twice = 0; twice < 2; twice++) {
		for (size_t i = 0; i < count; i++) {
			snprintf(name, sizeof(name), "name %zu", i);
			names_add_once(&names, name);
		}
	}
	assert_int_equal(names.count, count);
	assert_int_equal(names_find(&names, name), count - 1);
}

static void test_in_time(void **state)
{
	(void)state;
	assert_not_quadratic(add_many, 5000);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add(&suite, "in the order in which they came", test_order);
	suite_add(&suite, "sorted", test_sorted);
	suite_add(&suite, "as one text", test_text);
	suite_add(&suite, "many", test_in_time);
	return suite_run(&suite, "names");
}
