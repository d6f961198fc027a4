/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <limits.h>
#include <string.h>

#include "cli/table.h"
#include "cli/terminal.h"

static const struct table_column columns[] = {
	{ .title = "ADDRESS" },
	{ .title = "ID", .is_optional = true },
	{ .title = "GROUP", .is_right = true },
	{ .title = "USE" },
	{ .title = "NAME" },
};

static const struct row {
	const char *name;
	const char *cells[10]; /* two rows */
	const char *brief;     /* of each third but last cell; or NULL */
	int width;
	bool has_titles;
	const char *text;
} rows[] = {
	{ "wide",
	  { "01:00.0", "10de:2684", "14", "free", "A card", "02:00.0", "8086:10d3", "2",
	    "shares group 2", "B" },
	  "with 1",
	  INT_MAX,
	  true,
	  "ADDRESS  ID         GROUP  USE             NAME\n"
	  "01:00.0  10de:2684     14  free            A card\n"
	  "02:00.0  8086:10d3      2  shares group 2  B\n" },
	{ "just wide enough",
	  { "1", "2", "3", "four and four", "a name", "1", "2", "3", "4", "5" },
	  "4",
	  41,
	  true,
	  "ADDRESS  ID  GROUP  USE            NAME\n"
	  "1        2       3  four and four  a name\n"
	  "1        2       3  4              5\n" },
	{ "brief",
	  { "1", "2", "3", "four and four", "a name", "1", "2", "3", "4", "5" },
	  "4",
	  40,
	  true,
	  "ADDRESS  ID  GROUP  USE  NAME\n"
	  "1        2       3  4    a name\n"
	  "1        2       3  4    5\n" },
	{ "without what is optional",
	  { "1", "2", "3", "four and four", "a name", "1", "2", "3", "4", "5" },
	  "4",
	  30,
	  true,
	  "ADDRESS  GROUP  USE  NAME\n"
	  "1            3  4    a name\n"
	  "1            3  4    5\n" },
	{ "cut, and so are the titles",
	  { "1", "2", "3", "four and four", "a name", "1", "2", "3", "4", "5" },
	  "4",
	  22,
	  true,
	  "ADDRESS  GROUP  USE  N\n"
	  "1            3  4    a\n"
	  "1            3  4    5\n" },
	{ "cut at a space",
	  { "1", "2", "3", "four and four", "a name", "1", "2", "3", "4", "5" },
	  "4",
	  18,
	  true,
	  "ADDRESS  GROUP  US\n1            3  4\n1            3  4\n" },
	{ "columns without anything",
	  { "1", "-", "-", "", "a", "1", "", "-", "-", "b" },
	  NULL,
	  80,
	  true,
	  "ADDRESS  NAME\n1        a\n1        b\n" },
	{ "no titles",
	  { "1", "-", "3", "4", "a", "1", "-", "3", "4", "b" },
	  NULL,
	  80,
	  false,
	  "1            3  4    a\n1            3  4    b\n" },
};

static void test_format(void **state)
{
	const struct row *row = *state;
	struct table table = { .columns = columns, .column_count = ARRAY_SIZE(columns) };
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(row->cells); i++)
		table_add(&table, row->cells[i], strlen(row->cells[i]) > 10 ? row->brief : NULL);
	text = table_format(&table, row->width, row->has_titles);
	if (strcmp(text, row->text) != 0)
		fail_showing(row->text, text);
	free(text);
	table_free(&table);
}

static void test_no_rows(void **state)
{
	const struct table table = { .columns = columns, .column_count = ARRAY_SIZE(columns) };
	_cleanup_free_ char *text = table_format(&table, 80, true);

	(void)state;
	assert_string_equal(text, "");
}

static const struct wrap_row {
	const char *name;
	const char *text;
	int columns, indent;
	const char *lines;
} wrap_rows[] = {
	{ "it fits", "one two three", 13, 2, "one two three" },
	{ "one too many", "one two three", 12, 2, "one two\n  three" },
	{ "several", "one two three", 5, 2, "one\n  two\n  three" },
	{ "a long word", "one twothreefourfive six", 8, 2, "one\n  twothreefourfive\n  six" },
	{ "no terminal", "one two three", INT_MAX, 2, "one two three" },
	{ "nothing", "", 8, 2, "" },
};

static void test_wrap(void **state)
{
	const struct wrap_row *row = *state;
	_cleanup_free_ char *lines = terminal_wrap(row->text, row->columns, row->indent);

	assert_string_equal(lines, row->lines);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "format", test_format, rows);
	suite_add(&suite, "no rows", test_no_rows);
	suite_add_rows(&suite, "wrap", test_wrap, wrap_rows);
	return suite_run(&suite, "table");
}
