/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "helpers.h"

#include <stdio.h>
#include <string.h>

#include "facts/tables.h"
#include "util/memory.h"

static void put_row(const struct table_row *row, void *context)
{
	FILE *stream = context;

	for (size_t i = 0; i < row->count; i++)
		fprintf(stream, "[%s]", row->fields[i]);
	assert_string_equal(row->count < ROW_FIELDS_MAX ? row->fields[row->count] : "", "");
	fputc('\n', stream);
}

static const struct text_row {
	const char *text;
	const char *rows;
} text_rows[] = {
	{ "", "" },
	{ "\n\n \t\n", "" },
	{ "a b\n c\t d \r\n", "[a][b]\n[c][d]\n" },
	{ "# a\n #b\na #b", "[a][#b]\n" },
	{ "a\\040b \\134 \\011", "[a b][\\][\t]\n" },
	{ "\\000 \\400 \\18 \\9 \\04 \\", "[\\000][\\400][\\18][\\9][\\04][\\]\n" },
	{ "\\0400", "[ 0]\n" },
	{ "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33",
	  "[1][2][3][4][5][6][7][8][9][10][11][12][13][14][15][16][17][18][19][20][21][22][23][24][25][26][27][28][29][30][31][32]\n" },
};

static void test_rows(void **state)
{
	const struct text_row *row = *state;
	_cleanup_free_ char *actual = NULL;
	size_t size;
	FILE *stream = open_memstream(&actual, &size);

	table_each_row(row->text, put_row, stream);
	fclose(stream);
	assert_string_equal(actual, row->rows);
}

static const struct option_row {
	const char *list;
	const char *name;
	const char *value;
} option_rows[] = {
	{ "rw,addr=10.0.0.1,vers=4", "addr", "10.0.0.1" },
	{ "nofail", "nofail", "" },
	{ "a,nofail,b", "nofail", "" },
	{ "a,nofail=", "nofail", "" },
	{ "clientaddr=10.0.0.2", "addr", NULL },
	{ "nofailure", "nofail", NULL },
	{ "", "nofail", NULL },
	{ ",,,", "nofail", NULL },
};

static void test_option(void **state)
{
	const struct option_row *row = *state;
	_cleanup_free_ char *value = table_option(row->list, row->name);

	if (row->value)
		assert_string_equal(value, row->value);
	else
		assert_null(value);
}

int main(void)
{
	struct suite suite = { 0 };

	suite_add_rows(&suite, "rows of", test_rows, text_rows);
	suite_add_rows(&suite, "option of", test_option, option_rows);
	return suite_run(&suite, "tables");
}
